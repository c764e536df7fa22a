-- What figures are counted from, packed: a page holds the facts of the reviews, or of their tickets, of one block of
-- review numbers. It is thrown away (bytes null) in the transaction that changes one of them, and made again before
-- the next count. format: how bytes are written. from_at, until_at: no instant of it lies outside, UTC ms.
create table fact_page (
  kind text not null,
  block bigint not null,
  format bigint not null,
  from_at bigint not null,
  until_at bigint not null,
  bytes bytea,
  primary key (kind, block)
);

-- Pages are found by their instants, so that imports need not keep these.
drop index clock_due;
drop index ticket_received;
drop index activity_deed;
