-- {"property":"$team","operator":"in","value":["My Teams"]}, asked by a person
where e.team <> '{}' and e.team && '{red,blue}'::text[]

-- {"property":"owner","operator":"=","value":{"context":"user","property":"$identifier"}}, asked by a person
where left((e.properties ->> 'owner'::text), 200) = 'ann@example.org'

-- {"property":"s","operator":"in","value":{"context":"userTeams","property":"$identifier"}}, asked by a person
where left((e.properties ->> 's'::text), 200) = any('{red,blue}'::text[])

-- {"property":{"context":"user","property":"$identifier"},"operator":"endsWith","value":"@example.org"}, asked by a person
where 'ann@example.org'::text ilike '%@example.org'

-- {"property":"$team","operator":"notIn","value":["My Teams"]}
where false
