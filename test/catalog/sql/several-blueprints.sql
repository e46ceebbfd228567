-- {"property":"s","operator":"=","value":"x"} in deployment, domain, service
where (e.blueprint = 'service' and left((e.properties ->> 's'::text), 200) = 'x')

-- {"property":"s","operator":"isEmpty"} in deployment, domain, service
where ((e.blueprint = 'deployment' and as_number(e.properties -> 's'::text) is null) or (e.blueprint = 'service' and left((e.properties ->> 's'::text), 200) is null))

-- {"property":"mail","operator":"!=","value":"x"} in deployment, domain, service
where ((e.blueprint = 'domain' and (left((e.properties ->> 'mail'::text), 200) = 'x') is not true) or (e.blueprint = 'service' and (left((e.properties ->> 'mail'::text), 200) = 'x') is not true))

-- {"property":"$title","operator":"=","value":"x"} in deployment, domain, service
where left(e.title, 200) = 'x'
