import { type Filter, isFinished } from "../lib/catalog-search.ts";
import { Chips } from "../parts/chips.tsx";
import type { Column } from "./blueprint.ts";
import { conditionText, ruleText } from "./operators.ts";

/** The columns that make the groups, from the outermost on. */
export function GroupChips({
  columns,
  groups,
  onChange,
}: {
  columns: readonly Column[];
  groups: readonly string[];
  onChange: (groups: string[]) => void;
}) {
  return (
    <Chips
      label="Groups"
      chips={groups.map((id, i) => {
        const title = columns.find((column) => column.id === id)?.title ?? id;
        return {
          key: id,
          text: `${i === 0 ? "By" : "then by"} ${title}`,
          removal: `Do not group by ${title}`,
          onRemove: () => onChange(groups.filter((other) => other !== id)),
        };
      })}
    />
  );
}

/** The filters in effect in words, each with the filter that is left without it. */
export function filtersIn(
  filter: Filter,
  columns: readonly Column[],
): { readonly text: string; readonly without: Filter }[] {
  const more = filter.more ?? [];
  return [
    ...filter.rules.filter(isFinished).map((rule) => ({
      text: ruleText(rule, columns),
      without: { ...filter, rules: filter.rules.filter((other) => other !== rule) },
    })),
    ...more.map((condition) => ({
      text: conditionText(condition, columns),
      without: { ...filter, more: more.filter((other) => other !== condition) },
    })),
  ];
}

/** The filters in effect, each with a way to take it away. */
export function FilterChips({
  columns,
  filter,
  onChange,
}: {
  columns: readonly Column[];
  filter: Filter;
  onChange: (filter: Filter) => void;
}) {
  return (
    <Chips
      label="Filters in effect"
      chips={filtersIn(filter, columns).map(({ text, without }) => ({
        ...{ key: text, text, removal: `Remove filter ${text}` },
        onRemove: () => onChange(without),
      }))}
    />
  );
}
