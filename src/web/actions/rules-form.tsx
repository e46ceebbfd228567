/** Rules of a search as a form: which entities an input offers, on which an action is, what a policy looks for. */
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconTrash, IconVariable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { columnsOf } from "../catalog/blueprint.ts";
import { conditionText, operatorsOf } from "../catalog/operators.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { RuleRow, ruleFor } from "../catalog/rule-row.tsx";
import type { Rule } from "../lib/catalog-search.ts";
import { Pick } from "../parts/pick.tsx";
import css from "./actions.module.css";
import { JqText } from "./jq-field.tsx";
import { isRule, jqOf, type RulesDoc, withoutRule, withRule } from "./rules-draft.ts";

interface Props {
  /** What the rules are for. */
  label: string;
  /** Of whose entities they speak. */
  blueprint: string;
  value: RulesDoc | undefined;
  /** undefined: no rule is left. */
  onChange: (value: RulesDoc | undefined) => void;
  /** What values may be besides constants: an expression of the form, or a template; null: nothing. */
  by: "jqQuery" | null;
}

export function RulesForm({ label, blueprint, value, onChange, by }: Props) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const own = blueprints.find(({ identifier }) => identifier === blueprint);
  const columns = own === undefined ? [] : columnsOf(own, blueprints).filter(({ score }) => score === null);
  const rules = value?.rules ?? [];
  // A rule has no name of its own.
  const rows = rules.map((rule, at) => ({ rule, at, id: `${rules.length}.${at}` }));
  const change = (at: number, rule: unknown) =>
    onChange(rule === null ? withoutRule(value, at) : withRule(value, at, rule));
  const first = columns.find(({ id }) => !id.startsWith("$")) ?? columns[0];
  return (
    <fieldset className={`${css["rules"] ?? ""} ${css["wide"] ?? ""}`}>
      <legend>{label}</legend>
      {rules.length < 2 ? null : (
        <Pick
          size="xs"
          label="Which have to hold"
          value={value?.combinator ?? "and"}
          data={[
            { value: "and", label: "All of these" },
            { value: "or", label: "One of these" },
          ]}
          onChange={(combinator) => onChange({ ...value, combinator: combinator ?? "and", rules })}
        />
      )}
      {rows.map(({ rule, at, id }) =>
        !isRule(rule) || !columns.some((column) => column.id === rule.property) ? (
          <div key={id} className="row between">
            <code className="small">{conditionText(rule as object, columns)}</code>
            <ActionIcon size={28} aria-label={`Remove rule ${at + 1}`} onClick={() => change(at, null)}>
              <IconTrash size={15} aria-hidden />
            </ActionIcon>
          </div>
        ) : jqOf(rule.value) === null ? (
          <div key={id} className={css["ruleLine"]}>
            <RuleRow number={at + 1} columns={columns} rule={rule} onChange={(next) => change(at, next)} />
            {by === null ? null : (
              <ActionIcon
                size={28}
                aria-label={`Value of rule ${at + 1} by an expression`}
                title="By an expression (jq)"
                onClick={() => change(at, { ...rule, value: { jqQuery: ".user.email" } })}
              >
                <IconVariable size={15} aria-hidden />
              </ActionIcon>
            )}
          </div>
        ) : (
          <JqRule
            key={id}
            number={at + 1}
            columns={columns}
            rule={rule}
            onChange={(next) => change(at, next)}
          />
        ),
      )}
      {first === undefined ? (
        <p className="muted small">{blueprint === "" ? "Choose a blueprint first." : "No properties."}</p>
      ) : (
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() =>
              onChange({ combinator: value?.combinator ?? "and", rules: [...rules, ruleFor(first)] })
            }
          >
            Add rule
          </Button>
        </div>
      )}
    </fieldset>
  );
}

/** A rule whose value the form works out. */
function JqRule({
  number,
  columns,
  rule,
  onChange,
}: {
  number: number;
  columns: ReturnType<typeof columnsOf>;
  rule: Rule;
  onChange: (rule: Rule | null) => void;
}) {
  const column = columns.find(({ id }) => id === rule.property);
  const operators = column === undefined ? [] : operatorsOf(column).filter(({ value }) => value !== "none");
  return (
    <div className={css["jqRule"]} role="group" aria-label={`Rule ${number}`}>
      <TextInput size="xs" aria-label="Property" readOnly value={column?.title ?? rule.property} />
      <Pick
        size="xs"
        aria-label="Comparison"
        value={rule.operator}
        data={operators.map(({ id, words }) => ({ value: id, label: words }))}
        onChange={(operator) => onChange({ ...rule, operator: operator ?? rule.operator })}
      />
      <JqText
        label={null}
        aria={`Expression of rule ${number}`}
        value={jqOf(rule.value) ?? ""}
        onChange={(jqQuery) => onChange({ ...rule, value: { jqQuery } })}
      />
      <ActionIcon size={28} aria-label={`Remove rule ${number}`} onClick={() => onChange(null)}>
        <IconTrash size={15} aria-hidden />
      </ActionIcon>
    </div>
  );
}
