import { Select, TextInput } from "@mantine/core";
import { type BlueprintDoc, columnsOf, titleOf } from "../catalog/blueprint.ts";
import css from "./builder.module.css";
import { MAX_STEPS, stepsOf } from "./path-steps.ts";

/** A path chosen step by step: relations, then (for mirrors) a property. */
export function PathField({
  label,
  start,
  all,
  value,
  endsAtProperty,
  onChange,
}: {
  label: string;
  start: BlueprintDoc;
  all: readonly BlueprintDoc[];
  value: string;
  endsAtProperty: boolean;
  onChange: (path: string) => void;
}) {
  const { steps, end } = stepsOf(start, value, all);
  const places = [
    ...steps.map(({ on, step }) => ({ on, step })),
    ...(end !== null && steps.length < MAX_STEPS ? [{ on: end, step: null }] : []),
  ];
  const chosen = steps.map(({ step }) => step);
  return (
    <div className={css["options"]} role="group" aria-label={label}>
      <span className={css["label"]}>{label}</span>
      {places.map(({ on, step }, i) => (
        <Select
          key={`${on.identifier} ${i + 1}`}
          size="xs"
          aria-label={`Step ${i + 1}, on ${titleOf(on)}`}
          placeholder={i === 0 ? `A relation of ${titleOf(on)}` : `Something of ${titleOf(on)}`}
          searchable
          clearable
          value={step}
          data={choicesOn(on, i > 0 && endsAtProperty, step)}
          nothingFoundMessage="Nothing is called so"
          onChange={(next) => onChange([...chosen.slice(0, i), ...(next === null ? [] : [next])].join("."))}
        />
      ))}
      <TextInput
        size="xs"
        aria-label={`${label}, as text`}
        description="Or type the path, with dots between its steps"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

function choicesOn(blueprint: BlueprintDoc, withProperties: boolean, step: string | null) {
  const relations = Object.entries(blueprint.relations ?? {}).map(([id, { title }]) => ({
    value: id,
    label: `${title || id} →`,
  }));
  const team = blueprint.ownership ? [{ value: "$team", label: "Owning teams →" }] : [];
  const properties = withProperties
    ? columnsOf(blueprint)
        .filter(({ source, id }) => source !== "relation" && id !== "$team")
        .map(({ id, title }) => ({ value: id, label: title }))
    : [];
  const all = [...relations, ...team, ...properties];
  const isKnown = step === null || all.some(({ value }) => value === step);
  return isKnown ? all : [...all, { value: step, label: step }];
}
