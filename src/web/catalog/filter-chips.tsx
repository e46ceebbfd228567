import { IconX } from "@tabler/icons-react";
import { type Filter, isFinished } from "../lib/catalog-search.ts";
import type { Column } from "./blueprint.ts";
import css from "./catalog.module.css";
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
  if (groups.length === 0) return null;
  return (
    <ul className={css["chips"]} aria-label="Groups">
      {groups.map((id, i) => {
        const title = columns.find((column) => column.id === id)?.title ?? id;
        return (
          <li key={id} className={css["chip"]}>
            {i === 0 ? "By" : "then by"} {title}
            <button
              type="button"
              className={css["sort"]}
              aria-label={`Do not group by ${title}`}
              onClick={() => onChange(groups.filter((other) => other !== id))}
            >
              <IconX size={14} aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
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
  const more = filter.more ?? [];
  const chips = [
    ...filter.rules.filter(isFinished).map((rule) => ({
      text: ruleText(rule, columns),
      without: { ...filter, rules: filter.rules.filter((other) => other !== rule) },
    })),
    ...more.map((condition) => ({
      text: conditionText(condition, columns),
      without: { ...filter, more: more.filter((other) => other !== condition) },
    })),
  ];
  if (chips.length === 0) return null;
  return (
    <ul className={css["chips"]} aria-label="Filters in effect">
      {chips.map(({ text, without }) => (
        <li key={text} className={css["chip"]}>
          {text}
          <button
            type="button"
            className={css["sort"]}
            aria-label={`Remove filter ${text}`}
            onClick={() => onChange(without)}
          >
            <IconX size={14} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
