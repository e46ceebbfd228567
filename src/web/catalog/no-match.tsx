import { Button } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type CatalogView, EMPTY_VIEW, type Rule } from "../lib/catalog-search.ts";
import { count } from "../lib/format.ts";
import { Empty } from "../parts/empty.tsx";
import { type BlueprintDoc, type Column, titleOf } from "./blueprint.ts";
import { filtersIn } from "./filter-chips.tsx";
import { entityCountQuery } from "./queries.ts";
import type { CatalogState } from "./use-catalog-view.ts";

/** No entity is left: what narrows them, and a way to take each of it off, with how many there are then. */
export function NoMatch({
  blueprint,
  columns,
  state: { view, more, change, reset },
}: {
  blueprint: BlueprintDoc;
  columns: readonly Column[];
  state: CatalogState;
}) {
  const { identifier } = blueprint;
  const all = useQuery(entityCountQuery(identifier, EMPTY_VIEW, more)).data;
  const text = view.text.trim();
  const parts: { words: string; without: Partial<CatalogView> }[] = [
    ...(text === "" ? [] : [{ words: `“${text}”`, without: { text: "" } }]),
    ...filtersIn(view.filter, columns).map((one) => ({
      words: one.text,
      without: { filter: one.without },
    })),
  ];
  const words = parts.map((part) => part.words).join(`, ${view.filter.combinator} `);
  return (
    <Empty
      icon={IconSearch}
      title={`No ${titleOf(blueprint)} matches${words && " "}${words}${all === undefined ? "" : ` (0 of ${count(all)})`}.`}
    >
      {parts.length > 1
        ? parts.map((part) => (
            <Without
              key={part.words}
              {...{ ...part, identifier, more }}
              view={{ ...view, ...part.without }}
              onChoose={() => change(part.without)}
            />
          ))
        : null}
      {parts.length > 0 ? (
        <Button size="xs" variant="default" onClick={reset}>
          Clear search and filters
        </Button>
      ) : null}
    </Empty>
  );
}

function Without({
  identifier,
  view,
  more,
  words,
  onChoose,
}: {
  identifier: string;
  view: CatalogView;
  more: readonly Rule[];
  words: string;
  onChoose: () => void;
}) {
  const { data } = useQuery(entityCountQuery(identifier, view, more));
  return (
    <Button size="xs" variant="subtle" onClick={onChoose}>
      Without {words}
      {data === undefined ? "" : `: ${count(data)}`}
    </Button>
  );
}
