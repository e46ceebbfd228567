import { ActionIcon, Button, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { COLORS } from "../../model/property.ts";
import { type BlueprintDoc, columnsOf } from "../catalog/blueprint.ts";
import { RuleRow, ruleFor } from "../catalog/rule-row.tsx";
import { OPTION_COLOURS } from "../graph/colours.ts";
import { Choice } from "../parts/choice.tsx";
import { Pick } from "../parts/pick.tsx";
import { conditionOf, type Draft, keyed, newRuleIdentifier, rowsOf } from "./draft.ts";
import css from "./scorecards.module.css";
import type { LevelDoc, RuleDoc } from "./types.ts";

interface Props {
  draft: Draft;
  blueprint: BlueprintDoc;
  onChange: (draft: Draft) => void;
}

/** Levels and rules of a scorecard; each rule asks for values of the blueprint's properties. */
export function ScorecardForm({ draft, blueprint, onChange }: Props) {
  const { levels, rules } = draft;
  const setRule = (index: number, rule: RuleDoc | null) =>
    onChange({
      ...draft,
      rules: rules.flatMap((other, at) => (at === index ? (rule === null ? [] : [rule]) : [other])),
    });
  const add = () => {
    const first = columnsOf(blueprint).find(({ source }) => source !== null) ?? columnsOf(blueprint)[0];
    const condition = first === undefined ? [] : [conditionOf(ruleFor(first), columnsOf(blueprint))];
    onChange({
      ...draft,
      rules: [
        ...rules,
        {
          ...{ identifier: newRuleIdentifier(rules), title: "", level: levels[1]?.title ?? "" },
          query: { combinator: "and", conditions: condition },
        },
      ],
    });
  };
  return (
    <>
      <Levels draft={draft} onChange={onChange} />
      <h3>Rules</h3>
      {keyed(rules).map(({ item: rule, index, key }) => (
        <RuleEdit
          key={key}
          number={index + 1}
          rule={rule}
          levels={levels}
          blueprint={blueprint}
          onChange={(next) => setRule(index, next)}
        />
      ))}
      <div>
        <Button variant="default" size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={add}>
          Rule
        </Button>
      </div>
    </>
  );
}

function Levels({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  const { levels, rules } = draft;
  const set = (index: number, level: LevelDoc | null) => {
    const old = levels[index]?.title;
    onChange({
      ...draft,
      levels: levels.flatMap((other, at) => (at === index ? (level === null ? [] : [level]) : [other])),
      // Rules follow the name of their level.
      rules:
        level === null
          ? rules
          : rules.map((rule) => (rule.level === old ? { ...rule, level: level.title } : rule)),
    });
  };
  return (
    <fieldset className={css["edit"]}>
      <legend>Levels, the base level first</legend>
      {keyed(levels).map(({ item: level, index, key }) => (
        <div key={key} className={css["pair"]}>
          <TextInput
            size="xs"
            aria-label={`Level ${index + 1}`}
            value={level.title}
            onChange={(event) => set(index, { ...level, title: event.currentTarget.value })}
          />
          <Pick
            size="xs"
            aria-label={`Colour of level ${index + 1}`}
            value={level.color}
            data={[...COLORS]}
            leftSection={<i className={css["swatch"]} style={{ background: OPTION_COLOURS[level.color] }} />}
            onChange={(color) => set(index, { ...level, color: color ?? level.color })}
          />
          <ActionIcon size={28} aria-label={`Remove level ${index + 1}`} onClick={() => set(index, null)}>
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => onChange({ ...draft, levels: [...levels, { title: "", color: "green" }] })}
        >
          Level
        </Button>
      </div>
    </fieldset>
  );
}

function RuleEdit({
  number,
  rule,
  levels,
  blueprint,
  onChange,
}: {
  number: number;
  rule: RuleDoc;
  levels: readonly LevelDoc[];
  blueprint: BlueprintDoc;
  onChange: (rule: RuleDoc | null) => void;
}) {
  const columns = columnsOf(blueprint);
  const rows = rowsOf(rule.query, columns);
  const { combinator } = rule.query;
  const setRows = (next: NonNullable<typeof rows>) =>
    onChange({
      ...rule,
      query: { combinator, conditions: next.map((row) => conditionOf(row, columns)) },
    });
  return (
    <div className={css["edit"]} role="group" aria-label={`Rule ${number} of the scorecard`}>
      <div className={css["pair"]}>
        <TextInput
          size="xs"
          label="Rule"
          value={rule.title}
          onChange={(event) => onChange({ ...rule, title: event.currentTarget.value })}
        />
        <Pick
          size="xs"
          label="Level"
          value={rule.level}
          data={levels.slice(1).map(({ title }) => title)}
          onChange={(level) => onChange({ ...rule, level: level ?? rule.level })}
        />
        <ActionIcon size={28} aria-label={`Remove the rule ${rule.title}`} onClick={() => onChange(null)}>
          <IconTrash size={15} aria-hidden />
        </ActionIcon>
      </div>
      <Textarea
        size="xs"
        label="How to pass it"
        autosize
        value={rule.description ?? ""}
        onChange={(event) => onChange({ ...rule, description: event.currentTarget.value })}
      />
      {rows === null ? (
        <p className="muted small">
          This rule has groups, or asks for what the form does not know: edit it as JSON.
        </p>
      ) : (
        <>
          {rows.length > 1 ? (
            <Choice
              label="Which conditions must hold"
              value={combinator}
              onChange={(next) => onChange({ ...rule, query: { ...rule.query, combinator: next } })}
              options={[
                { value: "and", label: "All conditions" },
                { value: "or", label: "Any condition" },
              ]}
            />
          ) : null}
          {keyed(rows).map(({ item: row, index, key }) => (
            <RuleRow
              key={key}
              number={index + 1}
              columns={columns}
              rule={row}
              onChange={(next) =>
                setRows(rows.flatMap((other, at) => (at === index ? (next === null ? [] : [next]) : [other])))
              }
            />
          ))}
          <div>
            <Button
              variant="subtle"
              size="xs"
              leftSection={<IconPlus size={15} aria-hidden />}
              onClick={() => {
                const [first] = columns;
                if (first) setRows([...rows, ruleFor(first)]);
              }}
            >
              Condition
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
