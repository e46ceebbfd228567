-- {"property":"s","operator":"contains","value":"50%_"}
where (e.properties ->> 's'::text) ilike '%50\%\_%'

-- {"property":"s","operator":"contains","value":["a","b"]}
where ((e.properties ->> 's'::text) ilike '%a%' and (e.properties ->> 's'::text) ilike '%b%')

-- {"property":"s","operator":"containsAny","value":["a","b"]}
where ((e.properties ->> 's'::text) ilike '%a%' or (e.properties ->> 's'::text) ilike '%b%')

-- {"property":"s","operator":"doesNotContains","value":"a"}
where ((e.properties ->> 's'::text) ilike '%a%') is not true

-- {"property":"s","operator":"beginsWith","value":"a"}
where (e.properties ->> 's'::text) ilike 'a%'

-- {"property":"s","operator":"endsWith","value":"a"}
where (e.properties ->> 's'::text) ilike '%a'

-- {"property":"n","operator":"contains","value":1}
where (e.properties ->> 'n'::text) ilike '%1%'
