-- Most reviews have neither a parent nor a second key; an index that leaves them out costs an import nothing.
drop index review_weak;
create index review_weak on review (weak_dedupe) where weak_dedupe is not null;
drop index review_parent;
create index review_parent on review (parent_id) where parent_id is not null;
