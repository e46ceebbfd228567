/** The form of an action while it is designed: kinds of inputs, and their order, steps and names kept in step. */
import { orderOf } from "./order-of.ts";
import type { InputDoc, StepDoc, UserInputsDoc } from "./types.ts";

export const KINDS = [
  { value: "text", label: "Text", shape: { type: "string" } },
  { value: "multi-line", label: "Long text", shape: { type: "string", format: "multi-line" } },
  { value: "number", label: "Number", shape: { type: "number" } },
  { value: "boolean", label: "Yes or no", shape: { type: "boolean" } },
  { value: "date-time", label: "Date and time", shape: { type: "string", format: "date-time" } },
  { value: "url", label: "URL", shape: { type: "string", format: "url" } },
  { value: "email", label: "E-mail address", shape: { type: "string", format: "email" } },
  { value: "entity", label: "Entity", shape: { type: "string", format: "entity" } },
  { value: "user", label: "User", shape: { type: "string", format: "user" } },
  { value: "team", label: "Team", shape: { type: "string", format: "team" } },
  { value: "markdown", label: "Markdown", shape: { type: "string", format: "markdown" } },
  { value: "yaml", label: "YAML", shape: { type: "string", format: "yaml" } },
  { value: "labeled-url", label: "Link with a text", shape: { type: "object", format: "labeled-url" } },
  { value: "object", label: "JSON object", shape: { type: "object" } },
  { value: "texts", label: "Several texts", shape: { type: "array", items: { type: "string" } } },
  {
    value: "entities",
    label: "Several entities",
    shape: { type: "array", items: { type: "string", format: "entity" } },
  },
  {
    value: "users",
    label: "Several users",
    shape: { type: "array", items: { type: "string", format: "user" } },
  },
] as const;

/** null: a shape that only the JSON tells. */
export function kindOfInput({ type, format, items }: InputDoc): string | null {
  const found = KINDS.find(({ shape }) => {
    const own = shape as InputDoc;
    return own.type === type && own.format === format && own.items?.format === items?.format;
  });
  return found?.value ?? null;
}

/** The input with another kind; what does not depend on it stays. */
export function withKind(input: InputDoc, kind: string): InputDoc {
  const shape = KINDS.find(({ value }) => value === kind)?.shape as InputDoc | undefined;
  const { title, description, visible, dependsOn } = input;
  const kept = { title, description, visible, dependsOn };
  const given = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  return { ...given, ...shape };
}

const lists = (form: UserInputsDoc): readonly StepDoc[] =>
  form.steps ?? [{ title: "", order: orderOf(form) }];

const withLists = (form: UserInputsDoc, steps: readonly StepDoc[]): UserInputsDoc => {
  const { order: _order, steps: before, ...rest } = form;
  return before === undefined ? { ...rest, order: steps[0]?.order ?? [] } : { ...rest, steps };
};

/** A key that no other input has. */
export function freshKey(form: UserInputsDoc, wanted = "input"): string {
  const taken = form.properties ?? {};
  if (!Object.hasOwn(taken, wanted)) return wanted;
  for (let n = 2; ; n++) if (!Object.hasOwn(taken, `${wanted}${n}`)) return `${wanted}${n}`;
}

export function addInput(form: UserInputsDoc, key: string, step = 0): UserInputsDoc {
  const next = lists(form).map((one, i) => (i === step ? { ...one, order: [...one.order, key] } : one));
  return withLists(
    { ...form, properties: { ...form.properties, [key]: { type: "string", title: "New input" } } },
    next,
  );
}

export function removeInput(form: UserInputsDoc, key: string): UserInputsDoc {
  const properties = Object.fromEntries(
    Object.entries(form.properties ?? {}).filter(([other]) => other !== key),
  );
  const next = lists(form).map((one) => ({ ...one, order: one.order.filter((other) => other !== key) }));
  return withLists(withRequired({ ...form, properties }, key, false), next);
}

/** Another key in the same place, wherever it is named. */
export function renameInput(form: UserInputsDoc, from: string, to: string): UserInputsDoc {
  if (to === "" || Object.hasOwn(form.properties ?? {}, to)) return form;
  const named = (key: string) => (key === from ? to : key);
  const properties = Object.fromEntries(
    Object.entries(form.properties ?? {}).map(([key, input]) => [
      named(key),
      input.dependsOn === undefined ? input : { ...input, dependsOn: input.dependsOn.map(named) },
    ]),
  );
  const { required } = form;
  const next = lists(form).map((one) => ({ ...one, order: one.order.map(named) }));
  return withLists(
    { ...form, properties, ...(isList(required) ? { required: required.map(named) } : {}) },
    next,
  );
}

/** One place up or down; at the edge of a step into the next one. */
export function moveInput(form: UserInputsDoc, key: string, by: -1 | 1): UserInputsDoc {
  const steps = lists(form).map((one) => ({ ...one, order: [...one.order] }));
  const at = steps.findIndex(({ order }) => order.includes(key));
  const own = steps[at]?.order ?? [];
  const index = own.indexOf(key);
  const other = own[index + by];
  if (other !== undefined) {
    own[index + by] = key;
    own[index] = other;
  } else {
    const next = steps[at + by];
    if (next === undefined) return form;
    own.splice(index, 1);
    if (by === 1) next.order.unshift(key);
    else next.order.push(key);
  }
  return withLists(form, steps);
}

export function withRequired(form: UserInputsDoc, key: string, on: boolean): UserInputsDoc {
  const { required = [] } = form;
  // An expression says itself what is required.
  if (!isList(required)) return form;
  const others = required.filter((other) => other !== key);
  return { ...form, required: on ? [...others, key] : others };
}

export const isRequired = ({ required = [] }: UserInputsDoc, key: string): boolean =>
  isList(required) && required.includes(key);

const isList = (value: unknown): value is readonly string[] => Array.isArray(value);

/** With steps, or without: the order stays. */
export function withSteps(form: UserInputsDoc, on: boolean): UserInputsDoc {
  const all = lists(form).flatMap(({ order }) => order);
  const { order: _order, steps: _steps, ...rest } = form;
  return on ? { ...rest, steps: [{ title: "Step 1", order: all }] } : { ...rest, order: all };
}
