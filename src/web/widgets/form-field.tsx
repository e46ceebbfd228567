import {
  ActionIcon,
  Button,
  MultiSelect,
  NumberInput,
  Select,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type BlueprintDoc, type Column, columnsOf, titleOf } from "../catalog/blueprint.ts";
import { FilterMenu } from "../catalog/filter-menu.tsx";
import { conditionText } from "../catalog/operators.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { EntityPick } from "../entity/entity-pick.tsx";
import { ConditionsField } from "./conditions-field.tsx";
import css from "./form.module.css";
import { IconPick } from "./icon-pick.tsx";
import { filterOf } from "./filter-of.ts";
import type { Field, WidgetDoc } from "./widget-kind.ts";

interface Props {
  field: Field;
  widget: WidgetDoc;
  onChange: (key: string, value: unknown) => void;
}

/** `timeRange.preset` is a key in a key. */
export function valueAt(widget: WidgetDoc, key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>(
      (at, step) =>
        typeof at === "object" && at !== null ? (at as Readonly<Record<string, unknown>>)[step] : undefined,
      widget,
    );
}

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** On pages of entities: it stands for what is looked at. */
const isTemplate = (value: unknown): value is string =>
  typeof value === "string" && value.startsWith("{{") && value.endsWith("}}");

/** One field of a widget's form, by its kind. */
export function FormField({ field, widget, onChange }: Props) {
  const { data: blueprints = [] } = useQuery(allBlueprintsQuery);
  const value = valueAt(widget, field.key);
  const set = (next: unknown) => onChange(field.key, next);
  const common = {
    label: field.label,
    description: field.about ?? null,
    withAsterisk: field.isNeeded === true,
  };
  switch (field.kind) {
    case "text":
      return (
        <TextInput
          {...common}
          value={text(value) ?? ""}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case "long":
      return (
        <Textarea
          {...common}
          rows={10}
          value={text(value) ?? ""}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          hideControls
          min={0}
          max={10}
          value={typeof value === "number" ? value : ""}
          onChange={(next) => set(next === "" ? undefined : Number(next))}
        />
      );
    case "switch":
      return (
        <Switch
          label={field.label}
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      );
    case "icon":
      return <IconPick value={text(value)} onChange={set} />;
    case "choice":
      return (
        <Select
          {...common}
          allowDeselect={false}
          data={[...field.options]}
          value={text(value)}
          onChange={set}
          placeholder={field.otherwise ?? "Choose"}
        />
      );
    case "blueprint":
      return (
        <Select
          {...common}
          searchable
          allowDeselect={false}
          placeholder="Choose a blueprint"
          data={[
            ...(isTemplate(value) ? [{ value, label: "That of the page" }] : []),
            ...blueprints.map((one) => ({ value: one.identifier, label: titleOf(one) })),
          ]}
          value={text(value)}
          onChange={set}
        />
      );
    case "entity":
      return <EntityField field={field} widget={widget} onChange={onChange} />;
    case "conditions":
      return <ConditionsField label={field.label} value={value} onChange={set} />;
    case "links":
      return <LinksField value={value} onChange={set} />;
    default: {
      const of = widget[(field.kind === "property" ? field.blueprintKey : undefined) ?? "blueprint"];
      const blueprint = blueprints.find(({ identifier }) => identifier === of);
      if (blueprint === undefined) return null;
      return field.kind !== "property" ? (
        <FilterField
          blueprint={blueprint}
          all={blueprints}
          value={value}
          label={field.label}
          onChange={set}
        />
      ) : (
        <PropertyChoice field={field} blueprint={blueprint} all={blueprints} value={value} onChange={set} />
      );
    }
  }
}

function EntityField({
  field,
  widget,
  onChange,
}: Omit<Props, "field"> & { field: Extract<Field, { kind: "entity" }> }) {
  const blueprint = text(widget[field.blueprintKey ?? "blueprint"]);
  if (blueprint === null || isTemplate(blueprint)) return null;
  return (
    <EntityPick
      key={blueprint}
      id={field.key}
      relation={{ title: field.label, target: blueprint, required: true }}
      value={widget[field.key]}
      onChange={(value) => onChange(field.key, value)}
    />
  );
}

const PREFIXES: Readonly<Record<NonNullable<Column["source"]>, string>> = {
  property: "property#",
  relation: "relation#",
  mirror: "mirror-property#",
  calculation: "calculation-property#",
  aggregation: "aggregation-property#",
  scorecard: "scorecard#",
};

function PropertyChoice({
  field,
  blueprint,
  all,
  value,
  onChange,
}: {
  field: Extract<Field, { kind: "property" }>;
  blueprint: BlueprintDoc;
  all: readonly BlueprintDoc[];
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const { of, prefixed = false, many = false } = field;
  const named = (column: Column) =>
    prefixed && column.source !== null ? `${PREFIXES[column.source]}${column.id}` : column.id;
  const data = columnsOf(blueprint, all)
    .filter((column) => fits(column, of, prefixed))
    .map((column) => ({ value: named(column), label: column.title }));
  const common = {
    label: field.label,
    description: field.about ?? null,
    withAsterisk: field.isNeeded === true,
    searchable: true,
    data,
    nothingFoundMessage: "No property of this kind",
  };
  if (many) {
    const chosen = (Array.isArray(value) ? value : []).map((one) => String(one).replace(/^properties\./, ""));
    return <MultiSelect {...common} value={chosen} onChange={onChange} />;
  }
  const chosen = text(value);
  // Older documents say a property without its prefix.
  const known = data.find((one) => one.value === chosen || one.value.endsWith(`#${chosen}`));
  return (
    <Select
      {...common}
      placeholder="Choose a property"
      clearable={of === "any"}
      value={known?.value ?? chosen}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

function fits(
  { id, kind, source }: Column,
  of: "numbers" | "times" | "any" | undefined,
  prefixed: boolean,
): boolean {
  if (of === "numbers") return source !== null && (kind === "number" || kind === "any");
  if (of === "times") return kind === "time" || (source === "mirror" && kind === "any");
  if (prefixed) return kind !== "object" && !["$createdAt", "$updatedAt"].includes(id);
  if (of === "any") return kind !== "object" && kind !== "title";
  return source !== "relation" && kind !== "title";
}

function FilterField({
  blueprint,
  all,
  value,
  label,
  onChange,
}: {
  blueprint: BlueprintDoc;
  all: readonly BlueprintDoc[];
  value: unknown;
  label: string;
  onChange: (value: unknown) => void;
}) {
  const columns = columnsOf(blueprint, all);
  const filter = filterOf(value, blueprint.identifier);
  const { combinator, rules, more = [] } = filter;
  return (
    <div className={css["filter"]} role="group" aria-label={label}>
      <span className={css["label"]}>{label}</span>
      <FilterMenu
        columns={columns}
        filter={filter}
        onChange={(next) =>
          onChange({ combinator: next.combinator, rules: [...next.rules, ...(next.more ?? [])] })
        }
      />
      {rules.length + more.length === 0 ? (
        <span className="muted small">Every entity counts.</span>
      ) : (
        <ul className={css["rules"]}>
          {[...rules, ...more].map((rule) => (
            <li key={JSON.stringify(rule)}>{conditionText(rule, columns)}</li>
          ))}
        </ul>
      )}
      {rules.length + more.length > 1 ? (
        <span className="muted small">{combinator === "and" ? "All must hold." : "One must hold."}</span>
      ) : null}
    </div>
  );
}

interface LinkDoc {
  readonly title: string;
  readonly url: string;
  readonly description?: string;
}

function LinksField({ value, onChange }: { value: unknown; onChange: (links: LinkDoc[]) => void }) {
  const links = Array.isArray(value) ? (value as LinkDoc[]) : [];
  const change = (at: number, part: Partial<LinkDoc>) =>
    onChange(links.map((link, i) => (i === at ? { ...link, ...part } : link)));
  // A link has no name of its own until it is written.
  const rows = links.map((link, index) => ({ link, index, key: `${links.length}.${index}` }));
  return (
    <div className="stack" role="group" aria-label="Links">
      {rows.map(({ link, index, key }) => (
        <div key={key} className={css["link"]}>
          <TextInput
            label={`Title of link ${index + 1}`}
            value={link.title}
            onChange={(event) => change(index, { title: event.currentTarget.value })}
          />
          <TextInput
            label={`URL of link ${index + 1}`}
            placeholder="https://… or /dora"
            value={link.url}
            onChange={(event) => change(index, { url: event.currentTarget.value })}
          />
          <ActionIcon
            size={32}
            aria-label={`Remove link ${index + 1}`}
            onClick={() => onChange(links.filter((_, i) => i !== index))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => onChange([...links, { title: "", url: "" }])}
      >
        Add link
      </Button>
    </div>
  );
}
