/** What the expressions of a form see (workflows.md §3.2.2): `.form`, `.entity`, `.user`. */
import { isJqQuery, type JqQuery } from "../../model/action-fields.ts";
import type { Actor } from "../../model/actor.ts";
import type { JsonObject } from "../../model/json.ts";
import { isAdmin } from "../../model/user.ts";
import { compileMapping, JqCompileError, type Mapping, Meter } from "../../jq/index.ts";

export interface FormContext {
  /** Values by input; entities whole. */
  readonly form: Readonly<Record<string, unknown>>;
  /** The entity that the action runs on. */
  readonly entity: JsonObject | null;
  readonly user: JsonObject;
  /** What all expressions together may use: whoever writes a form must not stop the server. */
  readonly meter: Meter;
}

/** Half a second at most. */
const MAX_STEPS = 2_000_000;
const MAX_OUTPUT = 10_000_000;
const MAX_DEPTH = 10_000;

export const formMeter = (): Meter => new Meter(MAX_STEPS, MAX_OUTPUT, MAX_DEPTH);

/** What expressions and templates see. */
export const seenByForm = ({ form, entity, user }: FormContext): JsonObject => ({ form, entity, user });

export type Evaluated =
  | { readonly value: unknown; readonly problem: null }
  | { readonly value: null; readonly problem: string };

/** Expressions of forms are few and come again with every run. */
const MAX_COMPILED = 2000;
const compiled = new Map<string, Mapping | JqCompileError>();

function compile(text: string): Mapping | JqCompileError {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  let result: Mapping | JqCompileError;
  try {
    result = compileMapping(text);
  } catch (error) {
    if (!(error instanceof JqCompileError)) throw error;
    result = error;
  }
  compiled.set(text, result);
  return result;
}

/** What the expression gives; null with the reason where it fails. */
export function evaluate({ jqQuery }: JqQuery, context: FormContext, now: Date): Evaluated {
  const mapping = compile(jqQuery);
  if (mapping instanceof JqCompileError)
    return { value: null, problem: `the expression is no jq: ${mapping.message}` };
  const options = { now: now.getTime() / 1000, meter: context.meter };
  const { value, problem } = mapping.explain(seenByForm(context), options);
  return problem === null ? { value, problem: null } : { value: null, problem: problem.message };
}

/** A literal as it is; of an expression what it gives, or `otherwise`. */
export function settled(value: unknown, context: FormContext, now: Date, otherwise: unknown = null): unknown {
  if (!isJqQuery(value)) return value;
  const { value: given, problem } = evaluate(value, context, now);
  return problem === null ? given : otherwise;
}

/** Clients write constants as expressions: a text that is no jq stands for itself. */
export function settledConstant(value: unknown, context: FormContext, now: Date): unknown {
  if (!isJqQuery(value)) return value;
  return compile(value.jqQuery) instanceof JqCompileError
    ? value.jqQuery
    : evaluate(value, context, now).value;
}

/** Who fills in the form, as expressions and policies see them. */
export function userOf({ id, person }: Actor): JsonObject {
  if (person === undefined) return { id, email: null, roles: [], teams: [], teamsIdentifiers: [] };
  const [firstName = "", ...rest] = person.name.trim().split(/\s+/);
  return {
    id: person.email,
    email: person.email,
    name: person.name,
    firstName,
    lastName: rest.join(" "),
    status: "ACTIVE",
    roles: person.roles.map((name) => ({ name })),
    mainRole: isAdmin(person) ? "Admin" : "Member",
    teams: person.teams.map((name) => ({ name, provider: "port" })),
    teamsIdentifiers: person.teams,
  };
}
