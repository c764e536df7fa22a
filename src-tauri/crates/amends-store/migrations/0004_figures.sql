-- Figures and reports: what a period's figures are counted from, and what people decide to do about them.

-- Department word; none follows the role.
alter table person add column department text;

-- One narrow row per review, so that a week is counted without touching the wide ones. Filled beside the search index;
-- a ticket's corrections are written through. at: when it was posted, or received where that is not known.
-- lag: received - posted, where the posting time is known to the hour. causes: as in ticket, '' for praise.
create table review_fact (
  number bigint primary key,
  batch_id text not null,
  source_id text not null,
  at bigint not null,
  lag bigint,
  sentiment text not null,
  causes text not null,
  stars double precision,
  channel text not null,
  shop text not null,
  product text
);
create index review_fact_at on review_fact (at);

create index clock_due on clock (due_at);
create index ticket_received on ticket (received_at);
create index ticket_answered on ticket (first_responded_at) where first_responded_at is not null;
create index ticket_closed on ticket (closed_at) where closed_at is not null;
-- What people and customers did; opening and assessing, which every import writes, stay out of it.
create index activity_deed on activity (at) where kind in (
  'status', 'reply_published', 'contact_logged', 'satisfaction_rated', 'solution_offered', 'remedy_offered',
  'remedy_granted', 'remedy_dropped', 'resolved', 'closed', 'reopened', 'dismissed', 'breach_annulled', 'assigned',
  'dispute_opened', 'dispute_decided', 'quality_scored', 'review_changed', 'reply_rejected', 'customer_message',
  'unassigned', 'done', 'merged_into', 'undone');

-- A preventive action. theme, cause, product, shop: what it is to change; none means any.
create table improvement (
  id text primary key,
  title text not null,
  theme text,
  cause text,
  product text,
  shop text,
  expected text not null,
  owner_id text references person (id),
  due_day text not null,
  created_at bigint not null,
  created_by text,
  done_at bigint,
  dropped_at bigint,
  dropped_why text
);

-- What was learned 复盘, written to a week and, if it is about one, a theme.
create table lesson (
  id text primary key,
  week text not null,
  theme text,
  author_id text,
  at bigint not null,
  body text not null
);
create index lesson_week on lesson (week);

-- A report as it was. key: kind, first day, cut and reader; made once however many programs run.
create table report (
  id text primary key,
  key text not null unique,
  kind text not null,
  from_at bigint not null,
  until_at bigint not null,
  title text not null,
  made_at bigint not null,
  person_id text not null,
  figures text not null,
  document text not null,
  seen_at bigint
);
create index report_made on report (made_at);

-- Orders, for rates per 1,000 orders and repurchase. key: recognises the order again.
create table customer_order (
  key text primary key,
  batch text not null,
  customer text,
  at bigint not null,
  shop text not null,
  channel text not null,
  product text,
  amount_minor bigint not null
);
create index customer_order_at on customer_order (at);
create index customer_order_customer on customer_order (customer, at) where customer is not null;
