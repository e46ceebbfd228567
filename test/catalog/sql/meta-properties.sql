-- {"property":"$identifier","operator":"=","value":"a"}
where e.identifier = 'a'

-- {"property":"$identifier","operator":"in","value":["a","b"]}
where e.identifier = any('{a,b}'::text[])

-- {"property":"$title","operator":"=","value":"A"}
where left(e.title, 200) = 'A'

-- {"property":"$datasource","operator":"contains","value":"port-ocean/"}
where e.datasource ilike '%port-ocean/%'

-- {"property":"$team","operator":"=","value":"red"}
where (e.team <> '{}' and e.team @> '{red}'::text[] and cardinality(e.team) = 1)

-- {"property":"$team","operator":"in","value":["red","blue"]}
where e.team <> '{}' and e.team && '{red,blue}'::text[]

-- {"property":"$team","operator":"contains","value":["red","blue"]}
where e.team <> '{}' and e.team @> '{red,blue}'::text[]

-- {"property":"$team","operator":"isEmpty"}
where e.team = '{}'

-- {"property":"$updatedAt","operator":"<","value":"2024-06-15T10:00:00Z"}
where e.updated_at < '2024-06-15T10:00:00Z'::timestamptz

-- {"property":"$blueprint","operator":"!=","value":"service"}
where (e.blueprint = 'service') is not true
