-- {"property":"s","operator":"isEmpty"}
where left((e.properties ->> 's'::text), 200) is null

-- {"property":"n","operator":"isNotEmpty"}
where (as_number(e.properties -> 'n'::text) is null) is not true

-- {"property":"l","operator":"isEmpty"}
where (e.properties -> 'l'::text) is null

-- {"property":"o","operator":"isEmpty"}
where (e.properties -> 'o'::text) is null

-- {"property":"$title","operator":"isEmpty"}
where left(e.title, 200) is null
