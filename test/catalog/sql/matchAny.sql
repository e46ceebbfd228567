-- {"property":"$identifier","operator":"matchAny","value":["a","b"]}
where e.identifier = any('{a,b}'::text[])

-- {"property":"s","operator":"matchAny","value":"x"}
where left((e.properties ->> 's'::text), 200) = 'x'

-- {"property":{"path":["domain"]},"operator":"matchAny","value":"d1"}
where (e.relations ->> 'domain'::text) = 'd1'

-- {"property":{"path":["service","domain"]},"operator":"matchAny","value":["d1","d2"]} in deployment
with walk1 (blueprint, identifier) as materialized (
  select distinct r.blueprint, r.identifier
  from entity_relation r
  where r.target_blueprint = 'domain' and r.target = any('{d1,d2}'::text[]) and (r.org = 'org' and r.blueprint = 'service' and r.relation = 'domain')
)
where coalesce(('service'::text, (e.relations ->> 'service'::text)) in (
  select w.blueprint, w.identifier
  from walk1 w
), false)

-- {"property":{"path":[{"relation":"dependsOn","maxHops":3}]},"operator":"matchAny","value":"a"}
with walk1 (blueprint, identifier, hop) as (
  select b, s, 0
  from unnest('{service}'::text[]) b, unnest('{a}'::text[]) s
  union select r.blueprint, r.identifier, w.hop + 1
  from walk1 w
  join entity_relation r on r.target_blueprint = w.blueprint and r.target = w.identifier and (r.org = 'org' and r.blueprint = 'service' and r.relation = 'dependsOn' and w.hop < 3::int)
)
where coalesce((e.blueprint, e.identifier) in (
  select w.blueprint, w.identifier
  from walk1 w
  where w.hop > 0
), false)

-- {"property":{"path":["service",{"relation":"dependsOn","maxHops":2}]},"operator":"matchAny","value":"a"} in deployment
with walk1 (blueprint, identifier, hop) as (
  select b, s, 0
  from unnest('{service}'::text[]) b, unnest('{a}'::text[]) s
  union select r.blueprint, r.identifier, w.hop + 1
  from walk1 w
  join entity_relation r on r.target_blueprint = w.blueprint and r.target = w.identifier and (r.org = 'org' and r.blueprint = 'service' and r.relation = 'dependsOn' and w.hop < 2::int)
)
where coalesce(('service'::text, (e.relations ->> 'service'::text)) in (
  select w.blueprint, w.identifier
  from walk1 w
), false)

-- {"property":{"path":["service","domain"],"fromBlueprint":"deployment"},"operator":"matchAny","value":"x"} in domain
with walk1 (blueprint, identifier) as materialized (
  select distinct r.target_blueprint, r.target
  from entity_relation r
  where r.blueprint = 'deployment' and r.identifier = 'x' and (r.org = 'org' and r.blueprint = 'deployment' and r.relation = 'service')
)
with walk2 (blueprint, identifier) as materialized (
  select distinct r.target_blueprint, r.target
  from walk1 w
  join entity_relation r on r.blueprint = w.blueprint and r.identifier = w.identifier and (r.org = 'org' and r.blueprint = 'service' and r.relation = 'domain')
)
where coalesce((e.blueprint, e.identifier) in (
  select w.blueprint, w.identifier
  from walk2 w
  where w.blueprint = 'domain'
), false)

-- {"property":{"path":["$team"]},"operator":"matchAny","value":"red"}
where (e.blueprint = 'service' and e.team <> '{}' and e.team && '{red}'::text[])

-- {"property":{"path":["dependsOn","$team"]},"operator":"matchAny","value":"red"}
with walk1 (blueprint, identifier) as materialized (
  select e.blueprint, e.identifier
  from entity e
  where e.org = 'org' and e.blueprint = 'service' and e.team <> '{}' and e.team && '{red}'::text[]
)
where exists (
  select 1
  from jsonb_array_elements_text(case jsonb_typeof((e.relations -> 'dependsOn'::text)) when 'array' then (e.relations -> 'dependsOn'::text) end) x
  where coalesce(('service'::text, x) in (
    select w.blueprint, w.identifier
    from walk1 w
  ), false)
)

-- {"property":{"path":["nope"]},"operator":"matchAny","value":"x"}
where false
