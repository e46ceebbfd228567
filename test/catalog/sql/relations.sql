-- {"relation":"domain","operator":"=","value":"d1"}
where (e.relations ->> 'domain'::text) = 'd1'

-- {"relation":"domain","operator":"!=","value":"d1"}
where ((e.relations ->> 'domain'::text) = 'd1') is not true

-- {"relation":"domain","targetProperty":"$title","operator":"contains","value":"shop"}
where exists (
  select 1
  from entity t
  where t.org = 'org' and t.blueprint = 'domain' and t.identifier = (e.relations ->> 'domain'::text) and t.title ilike '%shop%'
)

-- {"relation":"domain","operator":"isEmpty"}
where not (e.relations ? 'domain'::text)

-- {"relation":"dependsOn","operator":"contains","value":["a","b"]}
where (exists (
  select 1
  from jsonb_array_elements_text(case jsonb_typeof(e.relations -> 'dependsOn'::text) when 'array' then e.relations -> 'dependsOn'::text end) x
  where x = 'a'
) and exists (
  select 1
  from jsonb_array_elements_text(case jsonb_typeof(e.relations -> 'dependsOn'::text) when 'array' then e.relations -> 'dependsOn'::text end) x
  where x = 'b'
))

-- {"relation":"dependsOn","targetProperty":"$title","operator":"beginsWith","value":"a"}
where exists (
  select 1
  from entity t
  where t.org = 'org' and t.blueprint = 'service' and t.identifier in (
    select x
    from jsonb_array_elements_text(case jsonb_typeof(e.relations -> 'dependsOn'::text) when 'array' then e.relations -> 'dependsOn'::text end) x
  ) and t.title ilike 'a%'
)
