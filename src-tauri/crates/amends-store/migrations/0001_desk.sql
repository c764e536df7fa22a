-- One text for SQLite and PostgreSQL: text ids (UUIDv7), bigint epoch milliseconds, boolean, JSON as text.
-- Never edited once released; a change is a new file.

-- Named values of the workspace (JSON text).
create table setting (
  key text primary key,
  value text not null
);

-- Numbers handed out in order: ticket numbers of a month, review numbers, the change log.
create table counter (
  name text primary key,
  value bigint not null
);

create table person (
  id text primary key,
  name text not null,
  role text not null,
  active boolean not null,
  created_at bigint not null
);

-- A configured way reviews come in; files of one channel are one source.
create table source (
  id text primary key,
  kind text not null,
  channel text not null,
  created_at bigint not null,
  unique (kind, channel)
);

-- Promise and calendar, each version kept for ever (sla.md R15). kind: policy, calendar.
create table rule_version (
  kind text not null,
  version bigint not null,
  body text not null,
  created_at bigint not null,
  actor_id text,
  primary key (kind, version)
);

-- One import. Its rows exist for readers only while state is 'visible' (staging, visible, undone).
create table batch (
  id text primary key,
  source_id text not null references source (id),
  state text not null,
  sample boolean not null,
  file_name text not null,
  file_sha256 text not null,
  format text not null,
  encoding text,
  channel text not null,
  shop text not null,
  options text not null,
  actor_id text,
  created_at bigint not null,
  visible_at bigint,
  read_rows bigint not null,
  new_rows bigint not null,
  updated_rows bigint not null,
  unchanged_rows bigint not null,
  rejected_rows bigint not null,
  history_rows bigint not null,
  ticket_rows bigint not null,
  urgent_rows bigint not null,
  warnings text not null
);
create index batch_state on batch (state, created_at);
create index batch_file on batch (file_sha256);

create table reject (
  batch_id text not null references batch (id),
  row_no bigint not null,
  code text not null,
  detail text not null,
  cells text not null,
  primary key (batch_id, row_no)
);

-- number: position in the search index. dedupe: recognises the review again; '' + id once its batch was undone.
create table review (
  id text primary key,
  number bigint not null unique,
  batch_id text not null references batch (id),
  source_id text not null,
  dedupe text not null unique,
  weak_dedupe text,
  external_id text,
  parent_id text,
  append boolean not null,
  channel text not null,
  shop text not null,
  order_id text,
  product text,
  variant text,
  author text,
  masked boolean not null,
  customer text,
  rating_raw text,
  scale text not null,
  stars double precision,
  polarity text,
  title text,
  body text not null,
  has_text boolean not null,
  posted_at bigint,
  posted_text text,
  posted_precision text,
  received_at bigint not null,
  visibility text not null,
  url text,
  reply_body text,
  reply_at bigint,
  content_hash text not null,
  revision bigint not null,
  sentiment text not null,
  assessment text not null,
  salt text not null,
  ticket_id text,
  raw text not null
);
create index review_batch on review (batch_id);
create index review_weak on review (weak_dedupe);
create index review_customer on review (customer);
create index review_parent on review (parent_id);
create index review_posted on review (received_at, id);

-- Earlier versions of a review whose author or shop changed it.
create table review_version (
  review_id text not null references review (id),
  revision bigint not null,
  batch_id text not null,
  replaced_at bigint not null,
  stars double precision,
  polarity text,
  body text not null,
  reply_body text,
  assessment text not null,
  primary key (review_id, revision)
);

-- Changes to reviews that are already here, found while a batch was staged; applied in the commit that flips it.
create table staged_update (
  batch_id text not null references batch (id),
  review_id text not null,
  row_no bigint not null,
  payload text not null,
  primary key (batch_id, row_no)
);

-- A ticket's columns are a cache of its activities: they can be rebuilt and must come out equal (sla.md R4).
-- sort_at: the nearest unmet deadline; far in the future when nothing runs.
-- head_seq, head_hash: the end of its audit chain.
create table ticket (
  id text primary key,
  number text not null unique,
  batch_id text not null references batch (id),
  review_id text not null references review (id),
  review_number bigint not null,
  version bigint not null,
  cycle bigint not null,
  status text not null,
  open boolean not null,
  tier text not null,
  tier_why text not null,
  sentiment text not null,
  severity text not null,
  causes text not null,
  risks text not null,
  needs_confirmation boolean not null,
  owner_id text,
  channel text not null,
  shop text not null,
  sample boolean not null,
  received_at bigint not null,
  first_responded_at bigint,
  solved_at bigint,
  closed_at bigint,
  sort_at bigint not null,
  next_metric text,
  next_due_at bigint,
  next_start_at bigint,
  paused boolean not null,
  excerpt text not null,
  marks text not null,
  policy_version bigint not null,
  calendar_version bigint not null,
  head_seq bigint not null,
  head_hash text not null
);
create index ticket_queue on ticket (open, sort_at, id);
create index ticket_all on ticket (sort_at, id);
create index ticket_counts on ticket (open, tier, paused, next_due_at, owner_id, status, needs_confirmation, batch_id);
create index ticket_review on ticket (review_number);
create index ticket_batch on ticket (batch_id);

-- Deadlines (sla.md R5). subject: the review or message it is about. revision grows with each new target.
-- state: open, paused, fulfilled, cancelled; whether it is breached is computed from now, never stored.
create table clock (
  ticket_id text not null references ticket (id),
  cycle bigint not null,
  metric text not null,
  subject text not null,
  revision bigint not null,
  state text not null,
  reason text,
  start_at bigint not null,
  opens_at bigint,
  target_secs bigint not null,
  due_at bigint not null,
  original_due_at bigint not null,
  fulfilled_at bigint,
  paused_secs bigint not null,
  primary key (ticket_id, cycle, metric, subject)
);

-- The log: one chain per ticket and one named 'workspace', append only. body is canonical text, never parsed by SQL.
create table activity (
  id text primary key,
  chain text not null,
  seq bigint not null,
  at bigint not null,
  recorded_at bigint not null,
  actor_id text,
  kind text not null,
  body text not null,
  text_id text,
  text_hash text,
  prev_hash text not null,
  hash text not null,
  batch_id text,
  unique (chain, seq)
);

-- Words of people. Activities hold only the salted hash, so that erasing the words leaves the chain verifiable.
create table personal_text (
  id text primary key,
  salt text not null,
  hash text not null,
  body text,
  erased_at bigint
);

create table draft (
  ticket_id text not null references ticket (id),
  person_id text not null,
  body text not null,
  saved_at bigint not null,
  primary key (ticket_id, person_id)
);

-- What must ring. key: clock, revision and level, or the new urgent ticket; once ever (sla.md R20).
-- state: pending, rung, folded, skipped, failed.
create table alert (
  id text primary key,
  key text not null unique,
  ticket_id text not null references ticket (id),
  batch_id text,
  tier text not null,
  level text not null,
  metric text,
  due_at bigint,
  fire_at bigint not null,
  state text not null,
  decided_at bigint,
  title text not null,
  body text not null
);
create index alert_pending on alert (state, fire_at);
create index alert_ticket on alert (ticket_id);

-- Which person's desk an alert rang on.
create table delivery (
  alert_id text not null references alert (id),
  person_id text not null,
  rung_at bigint not null,
  seen_at bigint,
  primary key (alert_id, person_id)
);

-- Character bigrams → packed review numbers, in blocks; the same on both databases.
create table gram (
  gram bigint not null,
  block bigint not null,
  numbers bytea not null,
  primary key (gram, block)
);

-- Tells other processes that something changed, and what to fetch again.
create table change_log (
  seq bigint primary key,
  at bigint not null,
  tags text not null
);
