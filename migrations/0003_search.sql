-- A stored text as a point in time, null when it is none (src/model/instant.ts has the same pattern; a test compares
-- them). The pattern demands an offset, so the result depends on no setting and an index may hold it.
create function as_instant(value text) returns timestamptz
language plpgsql immutable strict parallel safe as $$
begin
  if value !~ '^(?!0000)(?:[0-9]{4}-(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|[0-9]{4}-(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(?:0[1-9]|1[0-9]|2[0-8])|(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:[Zz]|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)$' then
    return null;
  end if;
  return value::timestamptz;
end
$$;

-- A stored value as a number, null when it is none. The planner puts the expression in the place of the call.
create function as_number(value jsonb) returns numeric
language sql immutable parallel safe
return case when jsonb_typeof(value) = 'number' then value::numeric end;

-- "Owned by one of these teams." Most entities have no team and are not in it; queries say so too.
create index entity_team on entity using gin (team) where team <> '{}';

-- What slow searches would have liked to have an index for, and the indexes on single properties that were made
-- because of it (src/storage/search-indexes.ts).
create table search_index (
  org text not null,
  -- Empty: every blueprint.
  blueprint text not null,
  -- Property identifier, or a meta property with $.
  property text not null,
  kind text not null,
  -- Slow searches that asked for it since it was last looked at.
  uses integer not null default 0,
  asked_at timestamptz not null default now(),
  -- Name of the index; null while there is none.
  name text,
  built_at timestamptz,
  -- How often PostgreSQL had used it, and when that number was last seen to grow.
  scans bigint not null default 0,
  used_at timestamptz,
  primary key (org, blueprint, property, kind)
);
