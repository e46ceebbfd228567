import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { columnsOf, titleOf } from "../catalog/blueprint.ts";
import { FilterMenu } from "../catalog/filter-menu.tsx";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import type { Filter } from "../lib/catalog-search.ts";
import type { UrlFilter } from "../lib/dashboard-search.ts";
import { Bone } from "../parts/bone.tsx";
import { filterOf } from "../widgets/filter-of.ts";
import css from "./dashboard.module.css";

interface Props {
  /** Whose entities the widgets show. */
  blueprints: readonly string[];
  filters: readonly UrlFilter[];
  /** They are those that everybody begins with. */
  isStored: boolean;
  onChange: (filters: UrlFilter[]) => void;
  /** null: the reader may not. */
  onStore: (() => void) | null;
}

/** Filters of the page, one for each blueprint; they are in its address. */
export function FilterBar({ blueprints, filters, isStored, onChange, onStore }: Props) {
  const { data: all = [], isPending } = useQuery(allBlueprintsQuery);
  const [picked, setPicked] = useState<string | null>(null);
  const known = all.filter(({ identifier }) => blueprints.includes(identifier));
  const first = filters.find(
    ({ blueprint }) => blueprint !== null && blueprints.includes(blueprint),
  )?.blueprint;
  const chosen = known.find(({ identifier }) => identifier === (picked ?? first)) ?? known[0];
  // Its room is kept: the widgets below would jump when it comes.
  if (isPending && blueprints.length > 0) return <Bone height={30} width={86} />;
  if (chosen === undefined) return null;
  const { identifier } = chosen;
  const own = filters.find(({ blueprint }) => blueprint === identifier);
  const set = ({ combinator, rules, more = [] }: Filter) => {
    const others = filters.filter((filter) => filter !== own);
    const all = [...rules, ...more];
    onChange(
      all.length === 0 ? others : [...others, { blueprint: identifier, query: { combinator, rules: all } }],
    );
  };
  const count = filters.reduce((sum, { query }) => sum + query.rules.length, 0);
  return (
    <div className={css["toolbar"]} role="group" aria-label="Filters of this dashboard">
      {known.length > 1 ? (
        <>
          <span className="muted small" aria-hidden>
            Filter entities of
          </span>
          <Select
            size="xs"
            w={190}
            aria-label="Filter entities of"
            allowDeselect={false}
            value={identifier}
            data={known.map((one) => ({ value: one.identifier, label: titleOf(one) }))}
            onChange={setPicked}
          />
        </>
      ) : null}
      <FilterMenu columns={columnsOf(chosen, all)} filter={filterOf(own?.query, identifier)} onChange={set} />
      {count > 0 ? (
        <>
          <span className="muted small" role="status">
            {count === 1 ? "1 filter is in effect" : `${count} filters are in effect`}
          </span>
          <Button size="compact-xs" variant="subtle" onClick={() => onChange([])}>
            Clear all
          </Button>
        </>
      ) : null}
      {onStore !== null && !isStored ? (
        <Button size="compact-xs" variant="subtle" onClick={onStore}>
          Save for everybody
        </Button>
      ) : null}
    </div>
  );
}
