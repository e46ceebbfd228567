/**
 * The form of an action as it is for certain values: what is visible, asked for, offered (workflows.md §3.2.2). The
 * server and the pages settle it by the same rules; each brings its engine for expressions, and the entities it has read.
 */
import { isGiven, isJqQuery, type JqQuery } from "./action-fields.ts";
import { isObject, type JsonObject, sameJson } from "./json.ts";

export type Asked =
  | { readonly ok: true; readonly value: unknown }
  /** `problem` null: nobody can say yet. `isNoJq`: the text is no expression at all. */
  | { readonly ok: false; readonly problem: string | null; readonly isNoJq: boolean };

/** What expressions and templates see. */
export interface SeenByForm {
  /** Values by input; entities whole. */
  readonly form: Readonly<Record<string, unknown>>;
  /** The entity that the action runs on. */
  readonly entity: unknown;
  readonly user: unknown;
}

export interface FormEngine {
  readonly ask: (query: JqQuery, seen: SeenByForm) => Asked;
  /** What a template gives; null: nothing that can be used. */
  readonly fill: (template: string, seen: SeenByForm) => unknown;
}

export interface FormFacts {
  readonly sent: JsonObject;
  readonly entity: unknown;
  readonly user: unknown;
  /** An entity as expressions see it: whole, once it has been read. */
  readonly entityOf: (blueprint: string, named: unknown) => unknown;
}

export interface InputState {
  /** The input with its expressions settled. */
  readonly input: JsonObject;
  readonly visible: boolean;
  readonly disabled: boolean;
  readonly required: boolean;
  /** As it would be sent: what was sent, or what the form itself puts there; undefined: nothing. */
  readonly value: unknown;
  /** As expressions and templates see it: entities whole. */
  readonly seen: unknown;
  /** Worked out by the form; nobody types it. */
  readonly computed: boolean;
  /** Sent although the form does not let it be changed. */
  readonly isForced: boolean;
  /** Inputs that have to be filled in before. */
  readonly waitsFor: readonly string[];
  /** An expression that failed and without which the value cannot be judged. */
  readonly problem: string | null;
}

/** Entities that an input names. */
export interface NamedEntities {
  readonly key: string;
  /** null: it depends on inputs that are empty. */
  readonly blueprint: string | null;
  readonly entities: readonly unknown[];
}

export interface SettledForm {
  readonly inputs: ReadonlyMap<string, InputState>;
  readonly named: readonly NamedEntities[];
  readonly seen: SeenByForm;
  /** What a literal or an expression says in the end; headings and steps ask as well. */
  readonly holds: (value: unknown, otherwise: boolean) => boolean;
}

const SETTLED = ["enum", "pattern", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum"];

/** @param userInputs of the action */
export function settleActionForm(engine: FormEngine, userInputs: JsonObject, facts: FormFacts): SettledForm {
  const properties = objectOr(userInputs["properties"]);
  const { sent } = facts;
  const form: Record<string, unknown> = {};
  const context: SeenByForm = { form, entity: facts.entity, user: facts.user };
  const rules = rulesIn(engine, context);
  // What was sent is there from the start, so that the order of inputs does not matter for it.
  for (const [key, value] of Object.entries(sent))
    if (isGiven(value) && Object.hasOwn(properties, key))
      form[key] = seenOf(objectOr(properties[key]), value, rules, facts).seen;
  const filled = new Map<string, { value: unknown; isForced: boolean }>();
  const named: NamedEntities[] = [];
  for (const key of inOrder(properties)) {
    const input = objectOr(properties[key]);
    const own = fill(input, sent[key], rules);
    filled.set(key, own);
    if (own.value === undefined) {
      delete form[key];
      continue;
    }
    const { seen, ...names } = seenOf(input, own.value, rules, facts);
    form[key] = seen;
    if (names.entities.length > 0) named.push({ key, ...names });
  }
  const asked = rules.settled(userInputs["required"], null);
  const required = new Set<unknown>(Array.isArray(asked) ? asked : []);
  const hidden = hiddenBySteps(userInputs, rules);
  const inputs = new Map<string, InputState>();
  for (const [key, one] of Object.entries(properties)) {
    const input = objectOr(one);
    const own = filled.get(key) ?? { value: undefined, isForced: false };
    const { settled, problem } = settledInput(key, input, rules);
    inputs.set(key, {
      ...{ ...own, input: settled, problem, seen: form[key], computed: isGiven(input["value"]) },
      visible: !hidden.has(key) && rules.holds(input["visible"], true),
      disabled: rules.holds(input["disabled"], false),
      required: required.has(key) || rules.holds(input["required"], false),
      waitsFor: textsIn(input["dependsOn"]).filter((other) => !isGiven(filled.get(other)?.value)),
    });
  }
  return { inputs, named, seen: context, holds: rules.holds };
}

const objectOr = (value: unknown): JsonObject => (isObject(value) ? value : {});
const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

interface Rules {
  /** A literal as it is; of an expression what it gives, or `otherwise`. */
  readonly settled: (value: unknown, otherwise: unknown, told?: (problem: string) => void) => unknown;
  readonly holds: (value: unknown, otherwise: boolean) => boolean;
  /** Clients write constants as expressions: a text that is no jq stands for itself. */
  readonly constant: (value: unknown) => unknown;
  /** The blueprint of an entity input, which may be a template of other inputs. */
  readonly blueprintOf: (input: JsonObject) => string | null;
}

function rulesIn(engine: FormEngine, context: SeenByForm): Rules {
  const settled: Rules["settled"] = (value, otherwise, told) => {
    if (!isJqQuery(value)) return value;
    const asked = engine.ask(value, context);
    if (asked.ok) return asked.value;
    if (asked.problem !== null) told?.(asked.problem);
    return otherwise;
  };
  return {
    settled,
    // An expression that fails hides nothing and locks nothing.
    holds: (value, otherwise) =>
      otherwise ? settled(value, true) !== false : settled(value, false) === true,
    constant: (value) => {
      if (!isJqQuery(value)) return value;
      const asked = engine.ask(value, context);
      return asked.ok ? asked.value : asked.isNoJq ? value.jqQuery : null;
    },
    blueprintOf: ({ blueprint }) => {
      if (typeof blueprint !== "string") return null;
      const name = blueprint.includes("{{") ? engine.fill(blueprint, context) : blueprint;
      return typeof name === "string" && name !== "" ? name : null;
    },
  };
}

/** What depends on others comes after them; circles in the order of the form. */
function inOrder(properties: JsonObject): string[] {
  const order = new Set<string>();
  const visit = (key: string, above: ReadonlySet<string>): void => {
    if (order.has(key)) return;
    for (const other of textsIn(objectOr(properties[key])["dependsOn"]))
      if (Object.hasOwn(properties, other) && !above.has(other)) visit(other, new Set([...above, key]));
    order.add(key);
  };
  for (const key of Object.keys(properties)) visit(key, new Set());
  return [...order];
}

/** What the input holds: a computed `value` always, else what was sent, else its default. */
function fill(input: JsonObject, sent: unknown, rules: Rules): { value: unknown; isForced: boolean } {
  const given = (value: unknown): unknown => (isGiven(value) ? value : undefined);
  if (isGiven(input["value"])) {
    const value = given(rules.settled(input["value"], null));
    return { value, isForced: isGiven(sent) && !sameJson(sent, value) };
  }
  const usual = given(rules.settled(input["default"], null));
  if (!isGiven(sent)) return { value: usual, isForced: false };
  const isFixed = !rules.holds(input["visible"], true) || rules.holds(input["disabled"], false);
  return { value: sent, isForced: isFixed && !sameJson(sent, usual) };
}

/** The value as expressions see it, and the entities it names. */
function seenOf(
  input: JsonObject,
  value: unknown,
  rules: Rules,
  facts: FormFacts,
): { seen: unknown; blueprint: string | null; entities: readonly unknown[] } {
  const isMany = Array.isArray(value);
  const of = isMany ? objectOr(input["items"]) : input;
  if (of["format"] !== "entity") return { seen: value, blueprint: null, entities: [] };
  const blueprint = rules.blueprintOf(of);
  const entities: readonly unknown[] = isMany ? value : [value];
  const whole = blueprint === null ? entities : entities.map((one) => facts.entityOf(blueprint, one) ?? one);
  return { seen: isMany ? whole : whole[0], blueprint, entities };
}

function settledInput(
  key: string,
  input: JsonObject,
  rules: Rules,
): { settled: JsonObject; problem: string | null } {
  let problem: string | null = null;
  const settle = (part: JsonObject): JsonObject => {
    const expressions = SETTLED.filter((name) => isJqQuery(part[name])).map((name): [string, unknown] => [
      name,
      rules.settled(part[name], null, (said) => {
        problem ??= `${name} of input "${key}" could not be worked out: ${said}`;
      }),
    ]);
    return {
      ...part,
      ...Object.fromEntries(expressions),
      ...(part["dataset"] === undefined ? {} : { dataset: settledDataset(part["dataset"], rules) }),
      ...(part["blueprint"] === undefined ? {} : { blueprint: rules.blueprintOf(part) }),
    };
  };
  const own = settle(input);
  const settled = isObject(own["items"]) ? { ...own, items: settle(own["items"]) } : own;
  return { settled, problem };
}

/** The rules with their expressions settled: a query of a search. */
function settledDataset(value: unknown, rules: Rules): unknown {
  if (!isObject(value)) return value;
  if (Array.isArray(value["rules"]))
    return { ...value, rules: value["rules"].map((rule) => settledDataset(rule, rules)) };
  return "value" in value ? { ...value, value: rules.constant(value["value"]) } : value;
}

/** What stands in a step that is not visible is not visible. */
function hiddenBySteps({ steps }: JsonObject, rules: Rules): ReadonlySet<unknown> {
  const all = Array.isArray(steps) ? steps.filter(isObject) : [];
  return new Set(
    all.flatMap(({ visible, order }) => (!Array.isArray(order) || rules.holds(visible, true) ? [] : order)),
  );
}
