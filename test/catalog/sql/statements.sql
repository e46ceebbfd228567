-- everything, in pages
select coalesce(json_agg(p) filter (where coalesce(p.before, 0) < 4194304), '[]')::text as page, coalesce(bool_or(not (coalesce(p.before, 0) < 4194304)), false) as "isCut"
from (
  select p.*, sum(pg_column_size(p.properties) + coalesce(pg_column_size(p.derived), 0)) over ( order by created_at, identifier rows between unbounded preceding and 1 preceding) as before
  from (
    select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
    from entity e
    where (e.org = 'org' and e.blueprint = 'service' and (e.created_at, e.identifier) > ('2024-06-01T00:00:00+00:00'::timestamptz, 'a') and e.created_at > '-infinity')
    order by created_at, identifier
    limit 201::int
  ) p
) p

-- identifiers only
select coalesce(json_agg(p) filter (where coalesce(p.before, 0) < 4194304), '[]')::text as page, coalesce(bool_or(not (coalesce(p.before, 0) < 4194304)), false) as "isCut"
from (
  select p.*, sum(pg_column_size(p.properties) + coalesce(pg_column_size(p.derived), 0)) over ( order by created_at, identifier rows between unbounded preceding and 1 preceding) as before
  from (
    select e.blueprint, e.identifier, e.title, e.icon, e.team, '{}'::jsonb as properties, '{}'::jsonb as relations, null::jsonb as derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
    from entity e
    where (e.org = 'org' and e.blueprint = 'service' and e.created_at > '-infinity')
    order by created_at, identifier
    limit 201::int
  ) p
) p

-- without an index
select coalesce(json_agg(p) filter (where coalesce(p.before, 0) < 4194304), '[]')::text as page, coalesce(bool_or(not (coalesce(p.before, 0) < 4194304)), false) as "isCut"
from (
  select p.*, sum(pg_column_size(p.properties) + coalesce(pg_column_size(p.derived), 0)) over ( order by created_at, identifier rows between unbounded preceding and 1 preceding) as before
  from (
    select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
    from entity e
    where (e.org = 'org' and e.blueprint = 'service' and left((e.properties ->> 's'::text), 200) = 'x' and e.created_at > '-infinity')
    order by created_at, identifier
    limit 201::int
  ) p
) p

-- with an index
with recursive few as materialized (
  select e.blueprint, e.created_at, e.identifier
  from entity e
  where (e.org = 'org' and e.blueprint = 'service' and (left((e.properties ->> 's'::text), 200) = 'x' and as_number(e.properties -> 'n'::text) > '1'::numeric))
  limit 5001
) select coalesce(json_agg(p) filter (where coalesce(p.before, 0) < 4194304), '[]')::text as page, coalesce(bool_or(not (coalesce(p.before, 0) < 4194304)), false) as "isCut"
from (
  select p.*, sum(pg_column_size(p.properties) + coalesce(pg_column_size(p.derived), 0)) over ( order by created_at, identifier rows between unbounded preceding and 1 preceding) as before
  from (
    select *
    from (
      (
        select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
        from (
          select distinct f.blueprint, f.created_at, f.identifier
          from few f
          where not (
            (
              select count(*)
              from few
            ) > 5000
          )
          order by created_at, identifier
          limit 201::int
        ) f
        cross join lateral (
          select *
          from entity e
          where e.org = 'org' and e.blueprint = f.blueprint and e.identifier = f.identifier offset 0
        ) e
      )
      union all (
        select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
        from entity e
        where (e.org = 'org' and e.blueprint = 'service' and (left((e.properties ->> 's'::text), 200) = 'x' and as_number(e.properties -> 'n'::text) > '1'::numeric) and e.created_at > '-infinity' and (
          (
            select count(*)
            from few
          ) > 5000
        ))
        order by created_at, identifier
        limit 201::int
      )
    ) e
    order by created_at, identifier
    limit 201::int
  ) p
) p

-- beginning at a walk
with recursive walk1 (blueprint, identifier, hop) as (
  select 'domain'::text, s.identifier, 0
  from unnest('{d1}'::text[]) s (identifier)
  union select r.blueprint, r.identifier, 0
  from walk1 w
  join entity_relation r on r.target_blueprint = w.blueprint and r.target = w.identifier and (r.org = 'org' and r.blueprint = 'service')
), walked (blueprint, identifier) as materialized (
  select w.blueprint, w.identifier
  from walk1 w
  where w.blueprint = 'service' and not (w.blueprint = 'domain' and w.identifier = 'd1')
  limit 10001
), few_walked as materialized (
  select e.blueprint, e.created_at, e.identifier
  from walked w
  cross join lateral (
    select *
    from entity e
    where e.org = 'org' and e.blueprint = w.blueprint and e.identifier = w.identifier offset 0
  ) e
  where (e.org = 'org' and e.blueprint = 'service' and as_number(e.properties -> 'n'::text) > '1'::numeric)
) select coalesce(json_agg(p) filter (where coalesce(p.before, 0) < 4194304), '[]')::text as page, coalesce(bool_or(not (coalesce(p.before, 0) < 4194304)), false) as "isCut"
from (
  select p.*, sum(pg_column_size(p.properties) + coalesce(pg_column_size(p.derived), 0)) over ( order by created_at, identifier rows between unbounded preceding and 1 preceding) as before
  from (
    select *
    from (
      (
        select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
        from (
          select distinct f.blueprint, f.created_at, f.identifier
          from few_walked f
          where not (
            (
              select count(*)
              from walked
            ) > 10000
          )
          order by created_at, identifier
          limit 201::int
        ) f
        cross join lateral (
          select *
          from entity e
          where e.org = 'org' and e.blueprint = f.blueprint and e.identifier = f.identifier offset 0
        ) e
      )
      union all (
        select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
        from entity e
        where (e.org = 'org' and e.blueprint = 'service' and (coalesce((e.blueprint, e.identifier) in (
          select w.blueprint, w.identifier
          from walk1 w
          where w.blueprint = 'service' and not (w.blueprint = 'domain' and w.identifier = 'd1')
        ), false) and as_number(e.properties -> 'n'::text) > '1'::numeric) and e.created_at > '-infinity' and (
          (
            select count(*)
            from walked
          ) > 10000
        ))
        order by created_at, identifier
        limit 201::int
      )
    ) e
    order by created_at, identifier
    limit 201::int
  ) p
) p

-- beginning at a walk, then at an index
with recursive walk1 (blueprint, identifier, hop) as (
  select 'domain'::text, s.identifier, 0
  from unnest('{d1}'::text[]) s (identifier)
  union select r.blueprint, r.identifier, 0
  from walk1 w
  join entity_relation r on r.target_blueprint = w.blueprint and r.target = w.identifier and (r.org = 'org' and r.blueprint = 'service')
), walked (blueprint, identifier) as materialized (
  select w.blueprint, w.identifier
  from walk1 w
  where w.blueprint = 'service' and not (w.blueprint = 'domain' and w.identifier = 'd1')
  limit 10001
), few_walked as materialized (
  select e.blueprint, e.created_at, e.identifier
  from walked w
  cross join lateral (
    select *
    from entity e
    where e.org = 'org' and e.blueprint = w.blueprint and e.identifier = w.identifier offset 0
  ) e
  where (e.org = 'org' and e.blueprint = 'service' and left((e.properties ->> 's'::text), 200) = 'x')
), few as materialized (
  select e.blueprint, e.created_at, e.identifier
  from entity e
  where ((
    (
      select count(*)
      from walked
    ) > 10000
  ) and e.org = 'org' and e.blueprint = 'service' and (coalesce((e.blueprint, e.identifier) in (
    select w.blueprint, w.identifier
    from walk1 w
    where w.blueprint = 'service' and not (w.blueprint = 'domain' and w.identifier = 'd1')
  ), false) and left((e.properties ->> 's'::text), 200) = 'x'))
  limit 5001
) select coalesce(json_agg(p) filter (where coalesce(p.before, 0) < 4194304), '[]')::text as page, coalesce(bool_or(not (coalesce(p.before, 0) < 4194304)), false) as "isCut"
from (
  select p.*, sum(pg_column_size(p.properties) + coalesce(pg_column_size(p.derived), 0)) over ( order by created_at, identifier rows between unbounded preceding and 1 preceding) as before
  from (
    select *
    from (
      (
        select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
        from (
          select distinct f.blueprint, f.created_at, f.identifier
          from few_walked f
          where not (
            (
              select count(*)
              from walked
            ) > 10000
          )
          order by created_at, identifier
          limit 201::int
        ) f
        cross join lateral (
          select *
          from entity e
          where e.org = 'org' and e.blueprint = f.blueprint and e.identifier = f.identifier offset 0
        ) e
      )
      union all (
        select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
        from (
          select distinct f.blueprint, f.created_at, f.identifier
          from few f
          where ((
            (
              select count(*)
              from walked
            ) > 10000
          ) and not (
            (
              select count(*)
              from few
            ) > 5000
          ))
          order by created_at, identifier
          limit 201::int
        ) f
        cross join lateral (
          select *
          from entity e
          where e.org = 'org' and e.blueprint = f.blueprint and e.identifier = f.identifier offset 0
        ) e
      )
      union all (
        select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
        from entity e
        where (e.org = 'org' and e.blueprint = 'service' and (coalesce((e.blueprint, e.identifier) in (
          select w.blueprint, w.identifier
          from walk1 w
          where w.blueprint = 'service' and not (w.blueprint = 'domain' and w.identifier = 'd1')
        ), false) and left((e.properties ->> 's'::text), 200) = 'x') and e.created_at > '-infinity' and (
          (
            select count(*)
            from walked
          ) > 10000
        ) and (
          (
            select count(*)
            from few
          ) > 5000
        ))
        order by created_at, identifier
        limit 201::int
      )
    ) e
    order by created_at, identifier
    limit 201::int
  ) p
) p

-- identifiers over every blueprint
with recursive walked (blueprint, identifier) as materialized (
  select b, i
  from unnest('{deployment,domain,service}'::text[]) b, unnest('{a,b}'::text[]) i
), few_walked as materialized (
  select e.blueprint, e.created_at, e.identifier
  from walked w
  cross join lateral (
    select *
    from entity e
    where e.org = 'org' and e.blueprint = w.blueprint and e.identifier = w.identifier offset 0
  ) e
  where e.org = 'org'
) select coalesce(json_agg(p) filter (where coalesce(p.before, 0) < 4194304), '[]')::text as page, coalesce(bool_or(not (coalesce(p.before, 0) < 4194304)), false) as "isCut"
from (
  select p.*, sum(pg_column_size(p.properties) + coalesce(pg_column_size(p.derived), 0)) over ( order by blueprint, created_at, identifier rows between unbounded preceding and 1 preceding) as before
  from (
    select *
    from (
      (
        select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
        from (
          select distinct f.blueprint, f.created_at, f.identifier
          from few_walked f
          where true
          order by blueprint, created_at, identifier
          limit 201::int
        ) f
        cross join lateral (
          select *
          from entity e
          where e.org = 'org' and e.blueprint = f.blueprint and e.identifier = f.identifier offset 0
        ) e
      )
    ) e
    order by blueprint, created_at, identifier
    limit 201::int
  ) p
) p

-- every blueprint
select coalesce(json_agg(p) filter (where coalesce(p.before, 0) < 4194304), '[]')::text as page, coalesce(bool_or(not (coalesce(p.before, 0) < 4194304)), false) as "isCut"
from (
  select p.*, sum(pg_column_size(p.properties) + coalesce(pg_column_size(p.derived), 0)) over ( order by blueprint, created_at, identifier rows between unbounded preceding and 1 preceding) as before
  from (
    select e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at
    from entity e
    where (e.org = 'org' and left(e.title, 200) = 'x' and e.created_at > '-infinity')
    order by blueprint, created_at, identifier
    limit 201::int
  ) p
) p
