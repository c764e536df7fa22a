-- Deadlines and alerts: when the scheduler must look at a ticket, what rings at whose desk, rosters, group bots.

-- look_at: the next instant at which one of the ticket's clocks reaches a warning, ends its pause or wants an owner;
-- none when nothing of it can ring. Every open ticket of an older database is looked at once.
alter table ticket add column look_at bigint;
update ticket set look_at = received_at where open or status = 'closed';
create index ticket_look on ticket (look_at) where look_at is not null;

-- Taking note silences a clock until its next level (sla.md R20).
alter table alert add column acknowledged_at bigint;
alter table alert add column acknowledged_by text;

-- What an alert does at one person's desk; person_id '' is whoever sits at a desk of a workspace without people.
-- state: pending, held, rung, folded, failed, skipped. ring_at: when it rings (again); none when it is done with.
-- take_back_at: from then on a silent assignee loses the ticket.
alter table delivery rename to delivery_of_0001;
create table delivery (
  alert_id text not null references alert (id),
  person_id text not null,
  state text not null,
  made_at bigint not null,
  ring_at bigint,
  rung_at bigint,
  seen_at bigint,
  snoozed_until bigint,
  take_back_at bigint,
  primary key (alert_id, person_id)
);
insert into delivery (alert_id, person_id, state, made_at, ring_at, rung_at, seen_at, snoozed_until, take_back_at)
  select alert_id, person_id, 'rung', rung_at, null, rung_at, seen_at, null, null from delivery_of_0001;
drop table delivery_of_0001;
create index delivery_ring on delivery (person_id, ring_at) where ring_at is not null;
create index delivery_take_back on delivery (take_back_at) where take_back_at is not null;
create index delivery_unread on delivery (person_id) where seen_at is null;

-- Shifts of the day, in minutes after midnight of the workspace's zone; closes_min over 1440 passes midnight.
create table shift (
  id text primary key,
  name text not null,
  opens_min bigint not null,
  closes_min bigint not null,
  color bigint not null,
  place bigint not null
);
-- day is YYYY-MM-DD, the date on which the shift starts.
create table roster (
  day text not null,
  shift_id text not null references shift (id),
  person_id text not null,
  primary key (day, shift_id, person_id)
);
create table on_call (
  day text primary key,
  person_id text not null
);
create table absence (
  id text primary key,
  person_id text not null,
  from_day text not null,
  to_day text not null,
  note text not null
);
create table handover (
  id text primary key,
  person_id text not null,
  at bigint not null,
  body text not null
);

-- Group bots. address is shown with its key hidden; the real one and the secret are in the keyring, never here.
-- tokens, filled_at: the bot's token bucket. blocked_until: the platform refuses everything until then.
create table bot (
  id text primary key,
  kind text not null,
  name text not null,
  levels text not null,
  quiet text,
  enabled boolean not null,
  address text not null,
  has_secret boolean not null,
  keyword text,
  created_at bigint not null,
  last_ok_at bigint,
  last_error text,
  tokens double precision not null,
  filled_at bigint not null,
  blocked_until bigint not null
);
-- What a bot still has to say. state: waiting, sending, sent, dropped. A message that a killed program was sending
-- waits again after claimed_until; webhook receivers tell repetitions apart by its id.
create table bot_message (
  id text primary key,
  bot_id text not null references bot (id),
  alert_id text not null,
  urgent boolean not null,
  made_at bigint not null,
  next_at bigint not null,
  tries bigint not null,
  state text not null,
  claimed_until bigint,
  done_at bigint,
  unique (bot_id, alert_id)
);
create index bot_message_next on bot_message (next_at) where state = 'waiting' or state = 'sending';
