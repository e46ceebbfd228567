-- The change feed is the audit log too: who, from where, in which run.
alter table change
  add column actor_kind text not null default 'machine',
  add column origin text not null default 'API',
  add column run_id text;
-- The history of one entity or blueprint, newest first.
create index change_subject on change (org, blueprint, identifier, seq);
create index change_run on change (org, run_id, seq) where run_id is not null;
-- Rows come nearly in the order of time: a range of time is a range of blocks.
create index change_at on change using brin (at);
