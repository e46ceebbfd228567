import { MultiSelect, type ComboboxItem } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { actorQuery } from "../api/actors.ts";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { useSuggested } from "../catalog/use-suggested.ts";
import { appsQuery } from "../settings/queries.ts";
import { sourcesQuery } from "../sources/queries.ts";
import { webhooksQuery } from "../webhooks/queries.ts";

interface Props {
  /** Ids of people, API credentials and data sources. */
  value: string[];
  onChange: (ids: string[]) => void;
}

/** People, API credentials and data sources by their names. */
export function WhoField({ value, onChange }: Props) {
  const isAdmin = useIsAdmin();
  const people = useSuggested("_user").field;
  const apps = useQuery({ ...appsQuery, enabled: isAdmin }).data ?? [];
  const sources = useQuery({ ...sourcesQuery, enabled: isAdmin }).data ?? [];
  const webhooks = useQuery({ ...webhooksQuery, enabled: isAdmin }).data ?? [];
  const others = [
    ...groupOf("API credentials", apps, ({ id, name }) => ({ value: id, label: name })),
    ...groupOf(
      "Data sources",
      [
        ...sources.map(({ id, title }) => ({ value: id, label: title })),
        ...webhooks.map(({ identifier, title }) => ({ value: identifier, label: title ?? identifier })),
      ],
      (item) => item,
    ),
  ];
  const offered = new Set([...people.data, ...others.flatMap(({ items }) => items)].map((one) => one.value));
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
      data={[
        ...groupOf("People", people.data, (item) => item),
        ...others,
        ...groupOf("Chosen", chosen, (item) => item),
      ]}
      filter={({ options, search }) =>
        options.flatMap((option) => {
          if (!("group" in option) || option.group === "People") return [option];
          const wanted = search.trim().toLowerCase();
          const items = option.items.filter(({ label }) => label.toLowerCase().includes(wanted));
          return items.length === 0 ? [] : [{ ...option, items }];
        })
      }
      value={value}
      onChange={onChange}
    />
  );
}

/** Names are unique within a field, whatever list they come from. */
function groupOf<T>(group: string, list: readonly T[], itemOf: (one: T) => ComboboxItem) {
  return list.length === 0 ? [] : [{ group, items: list.map(itemOf) }];
}
