/** What an input takes: bounds, patterns, choices, which entities, and what of it expressions work out. */
import { NumberInput, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { columnsOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import css from "./actions.module.css";
import { JqText, OrJq } from "./jq-field.tsx";
import { jqOf } from "./rules-draft.ts";
import { RulesForm } from "./rules-form.tsx";
import type { InputDoc } from "./types.ts";

interface Props {
  input: InputDoc;
  kind: string | null;
  /** undefined takes the key away. */
  set: (name: keyof InputDoc, value: unknown) => void;
}

const TEXTS = new Set(["text", "multi-line", "url", "email", "markdown", "yaml"]);
const LISTS = new Set(["texts", "entities", "users"]);

export function InputRules({ input, kind, set }: Props) {
  const flag = (name: "visible" | "disabled", label: string, placeholder: string) => (
    <JqText
      label={label}
      placeholder={placeholder}
      value={jqOf(input[name]) ?? ""}
      onChange={(jqQuery) => set(name, jqQuery === "" ? undefined : { jqQuery })}
    />
  );
  return (
    <>
      {flag("visible", "Shown only if (jq)", '.form.cloud == "aws"')}
      {flag("disabled", "Disabled if (jq)", ".form.isDraft")}
      <JqText
        label="Required if (jq)"
        placeholder='.form.environment == "production"'
        value={jqOf(input.required) ?? ""}
        onChange={(jqQuery) => set("required", jqQuery === "" ? undefined : { jqQuery })}
      />
      <JqText
        label="Worked out, not filled in (jq)"
        placeholder='.form.team + "-" + .form.name'
        value={jqOf(input.value) ?? ""}
        onChange={(jqQuery) => set("value", jqQuery === "" ? undefined : { jqQuery })}
      />
      {kind === "text" ? <Choices input={input} set={set} /> : null}
      {kind !== null && TEXTS.has(kind) ? <TextBounds input={input} set={set} /> : null}
      {kind === "number" ? (
        <Bounds input={input} set={set} names={["minimum", "maximum"]} words="Number" />
      ) : null}
      {kind !== null && LISTS.has(kind) ? (
        <>
          <Bounds input={input} set={set} names={["minItems", "maxItems"]} words="Items" />
          <Switch
            label="Each item once"
            checked={input.uniqueItems === true}
            onChange={(event) => set("uniqueItems", event.currentTarget.checked ? true : undefined)}
          />
        </>
      ) : null}
      {kind === "entity" || kind === "entities" ? <Entities input={input} kind={kind} set={set} /> : null}
    </>
  );
}

function Choices({ input, set }: Omit<Props, "kind">) {
  return (
    <div className={css["wide"]}>
      <OrJq
        label="To choose from"
        placeholder='if .form.cloud == "aws" then ["eu-west-1"] else ["europe"] end'
        value={input.enum}
        plain={undefined}
        onChange={(next) => set("enum", next)}
      >
        <TagsInput
          size="xs"
          label="To choose from"
          placeholder="Anything; type a choice, then Enter"
          value={Array.isArray(input.enum) ? input.enum.map(String) : []}
          onChange={(words) => set("enum", words.length === 0 ? undefined : words)}
        />
      </OrJq>
    </div>
  );
}

function TextBounds({ input, set }: Omit<Props, "kind">) {
  const pattern = typeof input.pattern === "string" ? input.pattern : "";
  return (
    <>
      <TextInput
        className={css["wide"] ?? ""}
        size="xs"
        label="Pattern"
        description="A regular expression that the whole text has to contain"
        placeholder={jqOf(input.pattern) === null ? "^[a-z][a-z0-9-]*$" : "By an expression, see JSON"}
        error={flawOf(pattern)}
        styles={{ input: { fontFamily: "var(--mono)" } }}
        value={pattern}
        onChange={(event) => set("pattern", event.currentTarget.value)}
      />
      <Bounds input={input} set={set} names={["minLength", "maxLength"]} words="Characters" />
    </>
  );
}

/** As the server reads them. */
function flawOf(pattern: string): string | null {
  try {
    new RegExp(pattern, "u");
    return null;
  } catch {
    return "This is no regular expression.";
  }
}

type Bound = "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems";

function Bounds({
  input,
  set,
  names,
  words,
}: Omit<Props, "kind"> & { names: readonly [Bound, Bound]; words: string }) {
  const [least, most] = names;
  const field = (name: Bound, label: string) => {
    const value = input[name];
    return (
      <NumberInput
        size="xs"
        label={label}
        placeholder={jqOf(value) === null ? "" : "By an expression, see JSON"}
        allowDecimal={words === "Number"}
        allowNegative={words === "Number"}
        value={typeof value === "number" ? value : ""}
        onChange={(next) => set(name, typeof next === "number" ? next : undefined)}
      />
    );
  };
  return (
    <>
      {field(least, `${words}: at least`)}
      {field(most, `${words}: at most`)}
    </>
  );
}

function Entities({ input, kind, set }: Props) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const items = kind === "entities" ? (input.items ?? {}) : input;
  const blueprint = items.blueprint ?? "";
  const own = blueprints.find(({ identifier }) => identifier === blueprint);
  const columns = own === undefined ? [] : columnsOf(own, blueprints);
  const { sort } = input;
  return (
    <>
      <RulesForm
        label="Which entities are offered"
        blueprint={blueprint}
        value={input.dataset}
        by="jqQuery"
        onChange={(next) => set("dataset", next)}
      />
      <Select
        size="xs"
        label="In the order of"
        placeholder="Title"
        clearable
        searchable
        data={columns.map(({ id, title }) => ({ value: id, label: title }))}
        value={sort?.property ?? null}
        onChange={(property) =>
          set("sort", property === null ? undefined : { property, order: sort?.order ?? "ASC" })
        }
      />
      <Select
        size="xs"
        label="Order"
        disabled={sort === undefined}
        allowDeselect={false}
        data={[
          { value: "ASC", label: "Rising" },
          { value: "DESC", label: "Falling" },
        ]}
        value={sort?.order ?? "ASC"}
        onChange={(order) => set("sort", sort === undefined ? undefined : { ...sort, order: order ?? "ASC" })}
      />
    </>
  );
}
