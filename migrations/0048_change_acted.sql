-- What people, machines and sources did last is found behind millions of derived values; the condition is that of
-- storage/audit.ts.
create index change_acted on change (org, xid, seq)
  where (actor_kind <> 'system' and (actor <> 'fairway:automation' or origin <> 'AUTOMATION'))
    or origin = 'UI' or actor = 'fairway:sso';
