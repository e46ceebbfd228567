-- {"operator":"relatedTo","blueprint":"service","value":"a","direction":"upstream"}
with walk1 (blueprint, identifier, hop) as (
  select 'service'::text, s.identifier, 0
  from unnest('{a}'::text[]) s (identifier)
  union select r.target_blueprint, r.target, 0
  from walk1 w
  join entity_relation r on r.blueprint = w.blueprint and r.identifier = w.identifier and (r.org = 'org' and r.target_blueprint = 'service')
)
where coalesce((e.blueprint, e.identifier) in (
  select w.blueprint, w.identifier
  from walk1 w
  where w.blueprint = 'service' and not (w.blueprint = 'service' and w.identifier = 'a')
), false)

-- {"operator":"relatedTo","blueprint":"domain","value":["d1","d2"],"direction":"downstream"}
with walk1 (blueprint, identifier, hop) as (
  select 'domain'::text, s.identifier, 0
  from unnest('{d1,d2}'::text[]) s (identifier)
  union select r.blueprint, r.identifier, 0
  from walk1 w
  join entity_relation r on r.target_blueprint = w.blueprint and r.target = w.identifier and (r.org = 'org' and r.blueprint = 'service')
)
where coalesce((e.blueprint, e.identifier) in (
  select w.blueprint, w.identifier
  from walk1 w
  where w.blueprint = 'service' and not (w.blueprint = 'domain' and w.identifier = any('{d1,d2}'::text[]))
), false)

-- {"operator":"relatedTo","blueprint":"domain","value":"d1","direction":"downstream"} in deployment
with walk1 (blueprint, identifier, hop) as (
  select 'domain'::text, s.identifier, 0
  from unnest('{d1}'::text[]) s (identifier)
  union select r.blueprint, r.identifier, 0
  from walk1 w
  join entity_relation r on r.target_blueprint = w.blueprint and r.target = w.identifier and (r.org = 'org' and r.blueprint = 'service')
)
where coalesce(('service'::text, (e.relations ->> 'service'::text)) in (
  select w.blueprint, w.identifier
  from walk1 w
), false)

-- {"operator":"relatedTo","blueprint":"domain","value":"d1"} in deployment, domain, service
with walk1 (blueprint, identifier, hop) as (
  select 'domain'::text, s.identifier, 0
  from unnest('{d1}'::text[]) s (identifier)
  union select r.blueprint, r.identifier, 0
  from walk1 w
  join entity_relation r on r.target_blueprint = w.blueprint and r.target = w.identifier and (r.org = 'org' and r.blueprint = 'service')
)
where (coalesce((e.blueprint, e.identifier) in (
  select w.blueprint, w.identifier
  from walk1 w
  where w.blueprint = 'service' and not (w.blueprint = 'domain' and w.identifier = 'd1')
), false) or (e.blueprint = 'deployment' and coalesce(('service'::text, (e.relations ->> 'service'::text)) in (
  select w.blueprint, w.identifier
  from walk1 w
), false)))

-- {"operator":"relatedTo","blueprint":"domain","value":"d1","required":true} in deployment, domain, service
where false

-- {"operator":"relatedTo","blueprint":"service","value":"a","direction":"downstream","maxHops":2}
with walk1 (blueprint, identifier, hop) as (
  select 'service'::text, s.identifier, 0
  from unnest('{a}'::text[]) s (identifier)
  union select r.blueprint, r.identifier, w.hop + 1
  from walk1 w
  join entity_relation r on r.target_blueprint = w.blueprint and r.target = w.identifier and (r.org = 'org' and r.blueprint = 'service' and w.hop < 2::int)
)
where coalesce((e.blueprint, e.identifier) in (
  select w.blueprint, w.identifier
  from walk1 w
  where w.blueprint = 'service' and not (w.blueprint = 'service' and w.identifier = 'a')
), false)

-- {"operator":"relatedTo","blueprint":"deployment","value":"x","direction":"downstream"} in deployment, domain, service
where false
