import { NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { type BlueprintDoc, type PropertyDoc, titleOf } from "../catalog/blueprint.ts";
import { PropertyField } from "../entity/property-field.tsx";
import { AggregationFields } from "./aggregation-fields.tsx";
import type { Definition, Kind } from "./definition-kind.ts";
import { OptionsField } from "./options-field.tsx";
import { PathField } from "./path-field.tsx";
import { PROPERTY_TYPES, typeIdOf, withType } from "./property-types.ts";

interface Props {
  blueprint: BlueprintDoc;
  all: readonly BlueprintDoc[];
  kind: Kind;
  /** It exists already: its type or target is permanent. */
  isSaved: boolean;
  definition: Definition;
  onChange: (definition: Definition) => void;
  required: boolean;
  onRequired: (required: boolean) => void;
}

const text = (definition: Definition, key: string): string => {
  const value = definition[key];
  return typeof value === "string" ? value : "";
};

/** The definition with a key, or without it when there is nothing to say. */
function set(definition: Definition, key: string, value: unknown): Definition {
  const { [key]: _old, ...rest } = definition;
  return value === "" || value === undefined || value === null ? rest : { ...definition, [key]: value };
}

/** The fields of a definition, by its kind. */
export function DefinitionForm(props: Props) {
  const { blueprint, all, kind, definition, onChange } = props;
  return (
    <>
      {kind === "property" ? <PropertyFields {...props} /> : null}
      {kind === "relation" ? <RelationFields {...props} /> : null}
      {kind === "mirror" ? (
        <PathField
          label="Path"
          start={blueprint}
          all={all}
          value={text(definition, "path")}
          endsAtProperty
          onChange={(path) => onChange({ ...definition, path })}
        />
      ) : null}
      {kind === "calculation" ? <CalculationFields {...props} /> : null}
      {kind === "aggregation" ? (
        <AggregationFields definition={definition} all={all} onChange={onChange} />
      ) : null}
      <TextInput
        label="Description"
        value={text(definition, "description")}
        onChange={(event) => onChange(set(definition, "description", event.currentTarget.value))}
      />
    </>
  );
}

function PropertyFields({ definition, isSaved, onChange, required, onRequired }: Props) {
  const id = typeIdOf(definition);
  const { type } = definition;
  const hasOptions = type === "number" || (type === "string" && definition["format"] === undefined);
  const known = PROPERTY_TYPES.filter(({ says }) => !isSaved || says["type"] === type);
  return (
    <>
      <Select
        label="Type"
        description={isSaved ? permanence(known.length, String(type)) : undefined}
        searchable
        allowDeselect={false}
        value={id}
        placeholder={id === null ? "As the JSON says" : undefined}
        data={known.map((one) => ({ value: one.id, label: one.label }))}
        onChange={(next) => {
          if (next !== null) onChange(withType(definition, next));
        }}
      />
      {hasOptions ? <OptionsField definition={definition} onChange={onChange} /> : null}
      {type === "number" ? (
        <>
          <Bound label="At least" name="minimum" definition={definition} onChange={onChange} />
          <Bound label="At most" name="maximum" definition={definition} onChange={onChange} />
        </>
      ) : null}
      {type === "string" && definition["format"] === undefined ? (
        <TextInput
          label="Pattern"
          description="A regular expression that values match"
          styles={{ input: { fontFamily: "var(--mono)" } }}
          value={text(definition, "pattern")}
          onChange={(event) => onChange(set(definition, "pattern", event.currentTarget.value))}
        />
      ) : null}
      <PropertyField
        key={`${id ?? "json"} default`}
        id="default"
        property={{ ...(definition as PropertyDoc), title: "Default value", description: null }}
        required={false}
        value={definition["default"]}
        onChange={(value) => onChange(set(definition, "default", value))}
        onProblem={() => undefined}
      />
      <Switch
        label="Required"
        description="Entities cannot be created without a value"
        checked={required}
        onChange={(event) => onRequired(event.currentTarget.checked)}
      />
    </>
  );
}

/** What can be changed of a saved type: what is written as the same JSON may be told as something else. */
function permanence(choices: number, type: string): string {
  const change = "for another type, delete the property and add it again";
  if (choices < 2) return `Permanent: ${change}`;
  const kinds = { string: "text (URL, e-mail address, time …)", array: "list" }[type] ?? type;
  return `Only between kinds of ${kinds}; ${change}`;
}

function Bound({
  label,
  name,
  definition,
  onChange,
}: {
  label: string;
  name: "minimum" | "maximum";
  definition: Definition;
  onChange: (definition: Definition) => void;
}) {
  const value = definition[name];
  return (
    <NumberInput
      label={label}
      hideControls
      value={typeof value === "number" ? value : ""}
      onChange={(next) => onChange(set(definition, name, typeof next === "number" ? next : undefined))}
    />
  );
}

function RelationFields({ all, definition, isSaved, onChange }: Props) {
  return (
    <>
      <Select
        label="Target"
        description={
          isSaved ? "Permanent: for another target, delete the relation and add it again" : undefined
        }
        required
        searchable
        disabled={isSaved}
        value={text(definition, "target") || null}
        data={all.map((blueprint) => ({ value: blueprint.identifier, label: titleOf(blueprint) }))}
        onChange={(target) => onChange({ ...definition, target: target ?? "" })}
      />
      <Switch
        label="Many"
        description="An entity may relate to several of them"
        checked={definition["many"] === true}
        onChange={(event) => onChange({ ...definition, many: event.currentTarget.checked })}
      />
      <Switch
        label="Required"
        checked={definition["required"] === true}
        onChange={(event) => onChange({ ...definition, required: event.currentTarget.checked })}
      />
    </>
  );
}

const RESULTS = [
  { value: "string", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Yes or no" },
  { value: "object", label: "Object" },
  { value: "array", label: "List" },
];
const FORMATS = ["date-time", "url", "email", "markdown", "yaml", "user", "team"];

function CalculationFields({ definition, onChange }: Props) {
  const type = text(definition, "type");
  return (
    <>
      <Select
        label="Type of the result"
        allowDeselect={false}
        value={type || "string"}
        data={RESULTS}
        onChange={(next) => onChange(set({ ...definition, type: next ?? "string" }, "format", undefined))}
      />
      {type === "string" ? (
        <Select
          label="Shown as"
          clearable
          placeholder="Plain text"
          value={text(definition, "format") || null}
          data={FORMATS}
          onChange={(format) => onChange(set(definition, "format", format))}
        />
      ) : null}
      <Textarea
        label="jq"
        description="Its input is the entity: .properties, .relations, .title, .team, .scorecards"
        autosize
        minRows={4}
        maxRows={16}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mono)", fontSize: 12.5 } }}
        value={text(definition, "calculation")}
        onChange={(event) => onChange({ ...definition, calculation: event.currentTarget.value })}
      />
    </>
  );
}
