-- {"combinator":"or","rules":[{"property":"s","operator":"=","value":"x"},{"combinator":"and","rules":[{"property":"n","operator":">","value":1},{"property":"b","operator":"=","value":true}]}]}
where (left((e.properties ->> 's'::text), 200) = 'x' or (as_number(e.properties -> 'n'::text) > '1'::numeric and left((e.properties ->> 'b'::text), 200) = 'true'))

-- {"combinator":"and","rules":[]}
where true
