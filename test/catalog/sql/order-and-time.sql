-- {"property":"n","operator":">","value":5}
where as_number(e.properties -> 'n'::text) > '5'::numeric

-- {"property":"at","operator":">=","value":"2024-06-15T10:00:00Z"}
where as_instant((e.properties ->> 'at'::text)) >= '2024-06-15T10:00:00Z'::timestamptz

-- {"property":"at","operator":"between","value":{"from":"2024-06-01T00:00:00Z","to":"2024-06-02T00:00:00Z"}}
where (as_instant((e.properties ->> 'at'::text)) >= '2024-06-01T00:00:00Z'::timestamptz and as_instant((e.properties ->> 'at'::text)) < '2024-06-02T00:00:00Z'::timestamptz)

-- {"property":"at","operator":"between","value":{"from":"2024-06-01","to":"2024-06-02","timeZone":"Europe/Berlin"}}
where (as_instant((e.properties ->> 'at'::text)) >= '2024-05-31T22:00:00.000Z'::timestamptz and as_instant((e.properties ->> 'at'::text)) < '2024-06-01T22:00:00.000Z'::timestamptz)

-- {"property":"at","operator":"notBetween","value":{"preset":"lastWeek"}}
where ((as_instant((e.properties ->> 'at'::text)) >= '2024-06-08T12:00:00.000Z'::timestamptz and as_instant((e.properties ->> 'at'::text)) < '2024-06-15T12:00:00.000Z'::timestamptz)) is not true

-- {"property":"at","operator":"=","value":{"preset":"today","timeZone":"Europe/Berlin"}}
where (as_instant((e.properties ->> 'at'::text)) >= '2024-06-14T22:00:00.000Z'::timestamptz and as_instant((e.properties ->> 'at'::text)) < '2024-06-15T22:00:00.000Z'::timestamptz)

-- {"property":"at","operator":"isExpired"}
where as_instant((e.properties ->> 'at'::text)) <= '2024-06-15T12:00:00.000Z'::timestamptz

-- {"property":"$createdAt","operator":"between","value":{"preset":"next2Weeks"}}
where (e.created_at >= '2024-06-15T12:00:00.000Z'::timestamptz and e.created_at < '2024-06-29T12:00:00.000Z'::timestamptz)

-- {"property":"n","operator":"between","value":{"preset":"today"}}
where false
