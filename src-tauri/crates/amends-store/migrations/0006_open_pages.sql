-- Pages again, in two halves: what is still open is counted whatever the week, what has ended only near its own time.
-- made: grows with every page that is made, so that who has unpacked one knows whether it is still the same. It stands
-- before the bytes, as all that is asked of every page does: what stands after them is found only by reading them.
drop table fact_page;
create table fact_page (
  kind text not null,
  block bigint not null,
  format bigint not null,
  made bigint not null,
  from_at bigint not null,
  until_at bigint not null,
  open_bytes bytea,
  bytes bytea,
  primary key (kind, block)
);
