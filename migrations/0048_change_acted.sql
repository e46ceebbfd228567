-- What people, machines and sources did last is found behind millions of derived values (storage/audit.ts).
create index change_acted on change (org, xid, seq) where actor_kind <> 'system';
