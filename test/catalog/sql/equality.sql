-- {"property":"s","operator":"=","value":"x"}
where left((e.properties ->> 's'::text), 200) = 'x'

-- {"property":"s","operator":"=","value":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}
where (e.properties ->> 's'::text) = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'

-- {"property":"s","operator":"!=","value":"x"}
where (left((e.properties ->> 's'::text), 200) = 'x') is not true

-- {"property":"s","operator":"=","value":null}
where left((e.properties ->> 's'::text), 200) is null

-- {"property":"s","operator":"=","value":1}
where false

-- {"property":"s","operator":"in","value":["x","y",null]}
where (left((e.properties ->> 's'::text), 200) = any('{x,y}'::text[]) or left((e.properties ->> 's'::text), 200) is null)

-- {"property":"s","operator":"notIn","value":["x"]}
where (left((e.properties ->> 's'::text), 200) = 'x') is not true

-- {"property":"n","operator":"=","value":1.5}
where as_number(e.properties -> 'n'::text) = '1.5'::numeric

-- {"property":"n","operator":"in","value":[1,2]}
where as_number(e.properties -> 'n'::text) = any('{1,2}'::numeric[])

-- {"property":"b","operator":"=","value":true}
where left((e.properties ->> 'b'::text), 200) = 'true'

-- {"property":"l","operator":"=","value":"x"}
where false

-- {"property":"nope","operator":"!=","value":"x"}
where false
