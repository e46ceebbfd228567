-- {"propertySchema":{"type":"string","format":"email"},"operator":"=","value":"a@b.c"}
where (left((e.properties ->> 'mail'::text), 200) = 'a@b.c' or left((e.properties ->> 'owner'::text), 200) = 'a@b.c')

-- {"propertySchema":{"type":"string","format":"email"},"operator":"!=","value":"a@b.c"} in deployment, domain, service
where ((e.blueprint = 'domain' and (left((e.properties ->> 'mail'::text), 200) = 'a@b.c') is not true) or (e.blueprint = 'service' and ((left((e.properties ->> 'mail'::text), 200) = 'a@b.c' or left((e.properties ->> 'owner'::text), 200) = 'a@b.c')) is not true))

-- {"propertySchema":{"type":"array"},"operator":"contains","value":"x"}
where (e.properties -> 'l'::text) @> '["x"]'::jsonb

-- {"propertySchema":{"type":"number","format":"none"},"operator":"=","value":1}
where false
