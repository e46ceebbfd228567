import { useQuery } from "@tanstack/react-query";
import { blueprintsQuery, doraModelQuery, entitiesQuery } from "../api/queries.ts";
import type { CatalogEntity } from "../api/types.ts";
import type { ScopeRef } from "../lib/dora-search.ts";
import { Pick } from "../parts/pick.tsx";
import css from "./filter-bar.module.css";

const ORGANISATION = "all";

/** An organisation, or one of the entities that numbers are made for. */
export function ScopeSelect({
  scope,
  label = "Scope",
  nothing = "Whole organisation",
  onChange,
}: {
  scope: ScopeRef | null;
  label?: string;
  /** What no choice means. */
  nothing?: string;
  onChange: (scope: ScopeRef | null) => void;
}) {
  const blueprints = useQuery(blueprintsQuery);
  const has = (id: string) => blueprints.data?.some(({ identifier }) => identifier === id) ?? false;
  const service = useQuery(doraModelQuery).data?.service.blueprint ?? "";
  const services = useQuery({ ...entitiesQuery(service), enabled: has(service) });
  const owners = useQuery({ ...entitiesQuery("_team"), enabled: has("_team") });
  const teams = useQuery({ ...entitiesQuery("team"), enabled: has("team") });
  const systems = useQuery({ ...entitiesQuery("system"), enabled: has("system") });
  const domains = useQuery({ ...entitiesQuery("domain"), enabled: has("domain") });
  const kinds: readonly { blueprint: string; group: string; entities: CatalogEntity[] | undefined }[] = [
    { blueprint: service, group: "Services", entities: services.data },
    { blueprint: "_team", group: "Teams", entities: owners.data },
    { blueprint: "team", group: "Teams of your own", entities: teams.data },
    { blueprint: "system", group: "Systems", entities: systems.data },
    { blueprint: "domain", group: "Domains", entities: domains.data },
  ];

  const value = scope ? `${scope.blueprint}:${scope.entity}` : ORGANISATION;
  const groups = kinds
    .map(({ blueprint, group, entities }) => ({
      group,
      items: (entities ?? [])
        .map(({ identifier, title }) => ({ value: `${blueprint}:${identifier}`, label: title ?? identifier }))
        .sort((a, b) => a.label.localeCompare(b.label)),
    }))
    .filter(({ items }) => items.length > 0);
  const known = scope === null || groups.some(({ items }) => items.some((item) => item.value === value));
  const data = [
    { value: ORGANISATION, label: nothing },
    ...(known ? [] : [{ value, label: scope?.entity ?? value }]),
    ...groups,
  ];

  return (
    <Pick
      className={css["scope"] ?? ""}
      label={label}
      searchable
      limit={200}
      data={data}
      value={value}
      nothingFoundMessage="Nothing of that name"
      onChange={(picked) => {
        const colon = picked?.indexOf(":") ?? -1;
        onChange(
          picked && colon > 0 ? { blueprint: picked.slice(0, colon), entity: picked.slice(colon + 1) } : null,
        );
      }}
    />
  );
}
