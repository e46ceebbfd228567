-- One erasure of an address at a time, in whatever letters. How far it is, its place tells alone.
delete from erasure a using erasure b
where a.org = b.org and lower(a.email) = lower(b.email) and (a.requested_at, a.id) > (b.requested_at, b.id);
alter table erasure drop column step;
update erasure set place = '' where finished_at is null;
create unique index erasure_open on erasure (org, lower(email)) where email is not null;
