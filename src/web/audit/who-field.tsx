import { MultiSelect } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { actorQuery } from "../api/actors.ts";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { useSuggested } from "../catalog/use-suggested.ts";
import { appsQuery } from "../settings/queries.ts";
import { sourcesQuery } from "../sources/queries.ts";
import { webhooksQuery } from "../webhooks/queries.ts";
import { type WhoGroup, whoGroups, whoMatches } from "./who-options.ts";

interface Props {
  /** Ids of people, API credentials and data sources. */
  value: string[];
  onChange: (ids: string[]) => void;
}

/** People, API credentials and data sources by their names; by their ids those that are gone. */
export function WhoField({ value, onChange }: Props) {
  const isAdmin = useIsAdmin();
  const people = useSuggested("_user").field;
  const [typed, setTyped] = useState("");
  const apps = useQuery({ ...appsQuery, enabled: isAdmin }).data ?? [];
  const sources = useQuery({ ...sourcesQuery, enabled: isAdmin }).data ?? [];
  const webhooks = useQuery({ ...webhooksQuery, enabled: isAdmin }).data ?? [];
  const lists = {
    people: people.data,
    credentials: apps.map(({ id, name }) => ({ value: id, label: name })),
    sources: [
      ...sources.map(({ id, title }) => ({ value: id, label: title })),
      ...webhooks.map(({ identifier, title }) => ({ value: identifier, label: title ?? identifier })),
    ],
  };
  const offered = new Set(
    [...lists.people, ...lists.credentials, ...lists.sources].map((item) => item.value),
  );
  const missing = value.filter((id) => !offered.has(id));
  const names = useQueries({
    queries: missing.map(actorQuery),
    combine: (all) => all.map(({ data }) => data),
  });
  const chosen = missing.map((id, at) => ({ value: id, label: names[at]?.name ?? id }));
  return (
    <MultiSelect
      size="xs"
      label="Who"
      placeholder={value.length === 0 ? "Anybody" : ""}
      {...people}
      onSearchChange={(text) => {
        setTyped(text);
        people.onSearchChange(text);
      }}
      data={whoGroups({ ...lists, chosen, typed })}
      filter={({ options, search }) => whoMatches(options as WhoGroup[], search)}
      value={value}
      onChange={onChange}
    />
  );
}
