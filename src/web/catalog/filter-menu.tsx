import { Button } from "@mantine/core";
import { IconFilter, IconPlus } from "@tabler/icons-react";
import { isFinished, NO_FILTER, type Filter, type Rule } from "../lib/catalog-search.ts";
import { Choice } from "../parts/choice.tsx";
import { OpensPopover } from "../parts/opens.tsx";
import type { Column } from "./blueprint.ts";
import css from "./catalog.module.css";
import { RuleRow, ruleFor } from "./rule-row.tsx";

/** Rules over every column; they take effect as soon as they are finished. */
export function FilterMenu({
  columns,
  filter,
  onChange,
}: {
  columns: readonly Column[];
  filter: Filter;
  onChange: (filter: Filter) => void;
}) {
  const count = filter.rules.filter(isFinished).length;
  // A row keeps what is being typed; when a rule comes or goes, all rows begin anew.
  const rows = filter.rules.map((rule, index) => ({ rule, index, key: `${filter.rules.length}.${index}` }));
  const change = (index: number, rule: Rule | null) =>
    onChange({
      ...filter,
      rules: filter.rules.flatMap((other, at) => (at === index ? (rule === null ? [] : [rule]) : [other])),
    });
  const add = () => {
    const [column] = columns;
    if (column) onChange({ ...filter, rules: [...filter.rules, ruleFor(column)] });
  };
  return (
    <OpensPopover
      position="bottom-start"
      width={620}
      trapFocus
      className={css["filter"] ?? ""}
      label="Filter"
      button={
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFilter size={15} aria-hidden />}
          onClick={(event) => {
            const isOpening = event.currentTarget.ariaExpanded !== "true";
            if (isOpening && filter.rules.length === 0) add();
          }}
        >
          {count === 0 ? "Filter" : `Filter (${count})`}
        </Button>
      }
    >
      {() => (
        <>
          {filter.rules.length > 1 ? (
            <Choice
              label="Which rules must hold"
              value={filter.combinator}
              onChange={(combinator) => onChange({ ...filter, combinator })}
              options={[
                { value: "and", label: "All rules" },
                { value: "or", label: "Any rule" },
              ]}
            />
          ) : null}
          {rows.map(({ key, rule, index }) => (
            <RuleRow
              key={key}
              number={index + 1}
              columns={columns}
              rule={rule}
              onChange={(next) => change(index, next)}
            />
          ))}
          <div className="row between">
            <Button variant="subtle" size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={add}>
              Add rule
            </Button>
            <Button variant="subtle" size="xs" color="gray" onClick={() => onChange(NO_FILTER)}>
              Clear
            </Button>
          </div>
        </>
      )}
    </OpensPopover>
  );
}
