-- The next job of a destination is found behind thousands of others (engine/pool.ts).
create index job_lane on job (org, lane, run_at, key) where lane is not null;
