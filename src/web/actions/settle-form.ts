/**
 * The form of an action for what is filled in so far: what is shown, asked for and offered, by the jq engine of the server
 * (workflows.md §3.2.2). The server settles it again before it runs anything.
 */
import type { compileMapping, compileTemplate } from "../../jq/index.ts";
import type { InputDoc, UserInputsDoc } from "./types.ts";

/** The engine, when it is there: forms without expressions do without. */
export interface Jq {
  readonly compileMapping: typeof compileMapping;
  readonly compileTemplate: typeof compileTemplate;
}

export interface FormFacts {
  readonly sent: Readonly<Record<string, unknown>>;
  readonly entity: unknown;
  readonly user: unknown;
  /** Seconds since 1970. */
  readonly now: number;
  /** The whole entity, once it has been read. */
  readonly entityOf: (blueprint: string, identifier: string) => unknown;
}

export interface FieldState {
  /** The input with its expressions settled. */
  readonly input: InputDoc;
  readonly visible: boolean;
  readonly disabled: boolean;
  readonly required: boolean;
  /** What was filled in, or what the form puts there. */
  readonly value: unknown;
  /** Worked out by the form; nobody types it. */
  readonly computed: boolean;
  /** Inputs that have to be filled in before. */
  readonly waitsFor: readonly string[];
  readonly problem: string | null;
}

export interface FormState {
  readonly fields: ReadonlyMap<string, FieldState>;
  /** What expressions see; headings and steps ask as well. */
  readonly holds: (value: unknown, otherwise: boolean) => boolean;
}

const SETTLED = ["enum", "pattern", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum"];

type Doc = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Doc =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isJq = (value: unknown): value is { jqQuery: string } =>
  isObject(value) && typeof value["jqQuery"] === "string" && Object.keys(value).length === 1;
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Whether the form has an expression or a template anywhere. */
export const needsJq = (form: UserInputsDoc): boolean => /"jqQuery"|\{\{/.test(JSON.stringify(form));

export function settleForm(jq: Jq | null, form: UserInputsDoc, facts: FormFacts): FormState {
  const properties = form.properties ?? {};
  const context: { form: Record<string, unknown>; entity: unknown; user: unknown } = {
    form: {},
    entity: facts.entity,
    user: facts.user,
  };
  const ask = (value: unknown, otherwise: unknown = null, told?: (problem: string) => void): unknown => {
    if (!isJq(value)) return value;
    if (jq === null) return otherwise;
    try {
      const { value: given, problem } = jq.compileMapping(value.jqQuery).explain(context, { now: facts.now });
      if (problem === null) return given;
      told?.(problem.message);
    } catch (error) {
      told?.(error instanceof Error ? error.message : String(error));
    }
    return otherwise;
  };
  const holds = (value: unknown, otherwise: boolean): boolean =>
    otherwise ? ask(value, true) !== false : ask(value, false) === true;
  const blueprintOf = (input: InputDoc): string | null => {
    const { blueprint } = input;
    if (typeof blueprint !== "string") return null;
    if (!blueprint.includes("{{")) return blueprint;
    try {
      const value = jq?.compileTemplate(blueprint).render(context);
      return typeof value === "string" && value !== "" ? value : null;
    } catch {
      return null;
    }
  };
  const seen = (input: InputDoc, value: unknown): unknown => {
    const many = Array.isArray(value);
    const rules = many ? (input.items ?? {}) : input;
    const blueprint = rules.format === "entity" ? blueprintOf(rules) : null;
    if (blueprint === null) return value;
    const one = (each: unknown) =>
      typeof each === "string" ? (facts.entityOf(blueprint, each) ?? { identifier: each }) : each;
    return many ? value.map(one) : one(value);
  };
  for (const [key, input] of Object.entries(properties))
    if (isGiven(facts.sent[key])) context.form[key] = seen(input, facts.sent[key]);
  const values = new Map<string, unknown>();
  for (const key of inOrder(properties)) {
    const input = properties[key] ?? {};
    const value = isGiven(input.value)
      ? ask(input.value)
      : isGiven(facts.sent[key])
        ? facts.sent[key]
        : ask(input.default);
    values.set(key, isGiven(value) ? value : undefined);
    if (isGiven(value)) context.form[key] = seen(input, value);
    else delete context.form[key];
  }
  const asked = ask(form.required, []);
  const required = new Set(Array.isArray(asked) ? asked : []);
  const hidden = new Set(
    (form.steps ?? []).filter(({ visible }) => !holds(visible, true)).flatMap(({ order }) => order),
  );
  const fields = new Map<string, FieldState>();
  for (const [key, input] of Object.entries(properties)) {
    const problems: string[] = [];
    const settle = (rules: InputDoc): InputDoc => {
      const own = Object.fromEntries(
        Object.entries(rules).map(([name, rule]) =>
          SETTLED.includes(name)
            ? [name, ask(rule, undefined, (said) => problems.push(`${name}: ${said}`))]
            : name === "dataset"
              ? [name, dataset(rule)]
              : [name, rule],
        ),
      ) as InputDoc;
      const blueprint = blueprintOf(rules);
      return { ...own, ...(blueprint === null ? {} : { blueprint }) };
    };
    const dataset = (rule: unknown): unknown => {
      if (!isObject(rule)) return rule;
      if (Array.isArray(rule["rules"])) return { ...rule, rules: rule["rules"].map(dataset) };
      return "value" in rule ? { ...rule, value: constant(rule["value"]) } : rule;
    };
    /** Clients write constants as expressions: a text that is no jq stands for itself. */
    const constant = (value: unknown): unknown => {
      let isConstant = false;
      const given = ask(value, null, () => (isConstant = true));
      return isConstant && isJq(value) && !value.jqQuery.includes(".") ? value.jqQuery : given;
    };
    const own = settle(input);
    const waitsFor = (input.dependsOn ?? []).filter((other) => !isGiven(values.get(other)));
    fields.set(key, {
      input: own.items === undefined ? own : { ...own, items: settle(own.items) },
      visible: !hidden.has(key) && holds(input.visible, true),
      disabled: holds(input.disabled, false),
      required: required.has(key) || holds(input.required, false),
      value: values.get(key),
      computed: isGiven(input.value),
      waitsFor,
      problem: problems[0] ?? null,
    });
  }
  return { fields, holds };
}

/** What depends on others comes after them; circles in the order of the form. */
function inOrder(properties: Readonly<Record<string, InputDoc>>): string[] {
  const order = new Set<string>();
  const visit = (key: string, above: readonly string[]): void => {
    if (order.has(key) || above.includes(key)) return;
    for (const other of properties[key]?.dependsOn ?? [])
      if (Object.hasOwn(properties, other)) visit(other, [...above, key]);
    order.add(key);
  };
  for (const key of Object.keys(properties)) visit(key, []);
  return [...order];
}

/** What is sent: what was filled in and the form lets be filled in. */
export function sentOf(
  { fields }: FormState,
  sent: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, { visible, disabled, computed, required, input, value }] of fields) {
    if (!visible || disabled || computed) continue;
    if (isGiven(sent[key])) result[key] = sent[key];
    else if (key in sent && input.default !== undefined) result[key] = "";
    else if (required && input.type === "boolean" && value === undefined) result[key] = false;
  }
  return result;
}

/** Required inputs without a value, of those that are named. */
export function missingIn({ fields }: FormState, keys: readonly string[]): string[] {
  return keys.filter((key) => {
    const field = fields.get(key);
    if (field === undefined || !field.visible || !field.required || field.computed) return false;
    if (field.input.type === "boolean") return false;
    const { value } = field;
    return !isGiven(value) || value === "" || (Array.isArray(value) && value.length === 0);
  });
}
