-- Rows that only follow from a change of another entity (a target that went, or got another name) fire no automations.
alter table change add column follows boolean not null default false;

-- Values of timer properties: those that wait, and those that have fired already.
create table timer (
  org text not null,
  blueprint text not null,
  identifier text not null,
  property text not null,
  value text not null,
  due_at timestamptz not null,
  fired_at timestamptz,
  primary key (org, blueprint, identifier, property)
);
create index timer_due on timer (org, due_at) where fired_at is null;

-- Of automations with a schedule: the moment that comes next. Whoever moves it on starts the run of the one before.
create table automation_schedule (
  org text not null,
  automation text not null,
  -- Cron expression and time zone that the moment was computed from.
  schedule text not null,
  next_at timestamptz,
  primary key (org, automation)
);

-- What was there before there were automations is no news to them; values that are still to come are.
insert into feed_cursor (org, reader, xid, seq)
select o.id, r.reader, pg_current_xact_id(), 0 from organization o cross join (values ('timers'), ('automations')) r (reader);
insert into timer (org, blueprint, identifier, property, value, due_at)
select e.org, e.blueprint, e.identifier, p.key, e.properties ->> p.key, as_instant(e.properties ->> p.key)
from blueprint b
cross join lateral json_each(coalesce(b.document -> 'schema' -> 'properties', '{}')) p
join entity e on e.org = b.org and e.blueprint = b.identifier
where p.value ->> 'format' = 'timer' and as_instant(e.properties ->> p.key) > now();
