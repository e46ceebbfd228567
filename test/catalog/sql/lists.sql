-- {"property":"l","operator":"contains","value":"x"}
where (e.properties -> 'l'::text) @> '["x"]'::jsonb

-- {"property":"l","operator":"contains","value":["x",1]}
where (e.properties -> 'l'::text) @> '["x",1]'::jsonb

-- {"property":"l","operator":"containsAny","value":["x",1]}
where ((e.properties -> 'l'::text) @> '["x"]'::jsonb or (e.properties -> 'l'::text) @> '[1]'::jsonb)

-- {"property":"l","operator":"in","value":["x",null]}
where ((e.properties -> 'l'::text) @> '["x"]'::jsonb or (e.properties -> 'l'::text) is null)

-- {"property":"l","operator":"doesNotContains","value":"x"}
where ((e.properties -> 'l'::text) @> '["x"]'::jsonb) is not true
