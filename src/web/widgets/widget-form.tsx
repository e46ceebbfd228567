import { FormField, valueAt } from "./form-field.tsx";
import type { Field, WidgetDoc, WidgetKind } from "./widget-kind.ts";

const COMMON: readonly Field[] = [
  { kind: "text", key: "title", label: "Title" },
  { kind: "icon", key: "icon", label: "Icon" },
];
const LAST: readonly Field[] = [
  { kind: "text", key: "description", label: "Description" },
  { kind: "text", key: "emptyStateText", label: "Text when there is no data" },
];

/** Keys that mean something on one blueprint only. */
const OF_BLUEPRINT = [
  "entity",
  "property",
  "properties",
  "breakdownProperty",
  "excludedFields",
  "hiddenQuery",
];

const fieldsOf = (kind: WidgetKind, widget: WidgetDoc): readonly Field[] =>
  kind.fields.filter((field) => field.when?.(widget) !== false);

/** Labels of what it needs and does not say yet. */
export const missingIn = (kind: WidgetKind, widget: WidgetDoc): readonly string[] =>
  fieldsOf(kind, widget).flatMap(({ key, label, isNeeded }) => {
    const value = valueAt(widget, key) ?? "";
    return isNeeded && (value === "" || (Array.isArray(value) && value.length === 0)) ? [label] : [];
  });

/** The form of a widget, made from the fields of its kind; keys that no field knows stay as they are. */
export function WidgetForm({
  kind,
  widget,
  onChange,
}: {
  kind: WidgetKind;
  widget: WidgetDoc;
  onChange: (widget: WidgetDoc) => void;
}) {
  const change = (key: string, value: unknown) => {
    if (valueAt(widget, key) === value) return;
    const next: Record<string, unknown> = { ...widget };
    const [first = key, second] = key.split(".");
    const inner = next[first];
    if (second !== undefined)
      next[first] = { ...(typeof inner === "object" && inner !== null ? inner : {}), [second]: value };
    else if (value === undefined || value === null || value === "") delete next[key];
    else next[key] = value;
    if (key === "blueprintIdentifier") {
      delete next["entityIdentifier"];
      delete next["propertyIdentifier"];
    }
    if (key === "blueprint") {
      for (const gone of OF_BLUEPRINT) delete next[gone];
      if ("measureTimeBy" in next) next["measureTimeBy"] = "$createdAt";
      if ("dataset" in next) next["dataset"] = { combinator: "and", rules: [] };
    }
    onChange(kind.settle ? kind.settle(next as WidgetDoc) : (next as WidgetDoc));
  };
  const fields = [...COMMON, ...fieldsOf(kind, widget), ...LAST];
  return (
    <div className="stack">
      {fields.map((field) => (
        <FormField
          key={`${field.key} ${field.kind} ${"options" in field ? field.options.length : ""}`}
          field={field}
          widget={widget}
          onChange={change}
        />
      ))}
    </div>
  );
}
