/** What the expressions of a form see (workflows.md §3.2.2): `.form`, `.entity`, `.user`. */
import type { Actor } from "../../model/actor.ts";
import type { JsonObject } from "../../model/json.ts";
import type { FormEngine } from "../../model/settle-form.ts";
import { isAdmin } from "../../model/user.ts";
import {
  compileMapping,
  compileTemplate,
  JqCompileError,
  JqError,
  type Mapping,
  Meter,
} from "../../jq/index.ts";

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

/** Expressions and templates of a form, all within one meter. */
export function formEngine(meter: Meter, now: Date): FormEngine {
  const options = { now: now.getTime() / 1000, meter };
  return {
    ask({ jqQuery }, seen) {
      const mapping = compile(jqQuery);
      if (mapping instanceof JqCompileError)
        return { ok: false, problem: `the expression is no jq: ${mapping.message}`, isNoJq: true };
      const { value, problem } = mapping.explain(seen, options);
      return problem === null ? { ok: true, value } : { ok: false, problem: problem.message, isNoJq: false };
    },
    fill(template, seen) {
      try {
        return compileTemplate(template).render(seen, { meter });
      } catch (error) {
        if (error instanceof JqCompileError || error instanceof JqError) return null;
        throw error;
      }
    },
  };
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
