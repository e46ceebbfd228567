import { Button } from "@mantine/core";
import { IconFilter, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { finishedOf, NO_FILTER, type Filter, type Rule } from "../lib/catalog-search.ts";
import { Choice } from "../parts/choice.tsx";
import { OpensPopover } from "../parts/opens.tsx";
import type { Column } from "./blueprint.ts";
import css from "./catalog.module.css";
import { RuleRow, ruleFor } from "./rule-row.tsx";

interface Props {
  columns: readonly Column[];
  filter: Filter;
  /** Gets finished rules only. */
  onChange: (filter: Filter) => void;
}

/** Rules over every column; they take effect as soon as they are finished, and until then nobody else knows them. */
export function FilterMenu(props: Props) {
  const count = finishedOf(props.filter).rules.length;
  return (
    <OpensPopover
      position="bottom-start"
      width={620}
      trapFocus
      className={css["filter"] ?? ""}
      label="Filter"
      button={
        <Button variant="default" size="xs" leftSection={<IconFilter size={15} aria-hidden />}>
          {count === 0 ? "Filter" : `Filter (${count})`}
        </Button>
      }
    >
      {() => <Rules {...props} />}
    </OpensPopover>
  );
}

function Rules({ columns, filter, onChange }: Props) {
  const withOneMore = (to: Filter): Filter => {
    const [column] = columns;
    return column ? { ...to, rules: [...to.rules, ruleFor(column)] } : to;
  };
  const [draft, setDraft] = useState(() => (filter.rules.length === 0 ? withOneMore(filter) : filter));
  const { combinator, rules } = draft;
  const put = (next: Filter) => {
    setDraft(next);
    const finished = finishedOf(next);
    if (JSON.stringify(finished) !== JSON.stringify(finishedOf(draft))) onChange(finished);
  };
  // A row keeps what is being typed; when a rule comes or goes, all rows begin anew.
  const rows = rules.map((rule, index) => ({ rule, index, key: `${rules.length}.${index}` }));
  const change = (index: number, rule: Rule | null) =>
    put({
      ...draft,
      rules: rules.flatMap((other, at) => (at === index ? (rule === null ? [] : [rule]) : [other])),
    });
  return (
    <>
      {rules.length > 1 ? (
        <Choice
          label="Which rules must hold"
          value={combinator}
          onChange={(next) => put({ ...draft, combinator: next })}
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
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => put(withOneMore(draft))}
        >
          Add rule
        </Button>
        <Button variant="subtle" size="xs" color="gray" onClick={() => put(NO_FILTER)}>
          Clear
        </Button>
      </div>
    </>
  );
}
