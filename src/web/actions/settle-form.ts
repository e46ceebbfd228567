/**
 * The form of an action for what is filled in so far, by the rules and the jq engine of the server, which settles it again
 * before it runs anything.
 */
import type { compileMapping, compileTemplate } from "../../jq/index.ts";
import { isGiven } from "../../model/action-fields.ts";
import { type FormEngine, type InputState, settleActionForm } from "../../model/settle-form.ts";
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

export interface FieldState extends Omit<InputState, "input" | "isForced" | "seen"> {
  /** The input with its expressions settled. */
  readonly input: InputDoc;
}

export interface FormState {
  readonly fields: ReadonlyMap<string, FieldState>;
  /** Entities that the form names. */
  readonly named: readonly { readonly blueprint: string; readonly id: string }[];
  /** What expressions see; headings and steps ask as well. */
  readonly holds: (value: unknown, otherwise: boolean) => boolean;
}

/** Whether the form has an expression or a template anywhere. */
export const needsJq = (form: UserInputsDoc): boolean => /"jqQuery"|\{\{/.test(JSON.stringify(form));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function engineOf(jq: Jq | null, now: number): FormEngine {
  if (jq === null) return { ask: () => ({ ok: false, problem: null, isNoJq: false }), fill: () => null };
  return {
    ask({ jqQuery }, seen) {
      let mapping: ReturnType<typeof compileMapping>;
      try {
        mapping = jq.compileMapping(jqQuery);
      } catch (error) {
        return { ok: false, problem: messageOf(error), isNoJq: true };
      }
      try {
        const { value, problem } = mapping.explain(seen, { now });
        return problem === null
          ? { ok: true, value }
          : { ok: false, problem: problem.message, isNoJq: false };
      } catch (error) {
        return { ok: false, problem: messageOf(error), isNoJq: false };
      }
    },
    fill(template, seen) {
      try {
        return jq.compileTemplate(template).render(seen);
      } catch {
        return null;
      }
    },
  };
}

/** The form as it is for these facts. */
export function settleForm(jq: Jq | null, form: UserInputsDoc, facts: FormFacts): FormState {
  const { sent, entity, user, now } = facts;
  const entityOf = (blueprint: string, named: unknown): unknown =>
    typeof named === "string" ? (facts.entityOf(blueprint, named) ?? { identifier: named }) : named;
  const userInputs = form as Readonly<Record<string, unknown>>;
  const settled = settleActionForm(engineOf(jq, now), userInputs, { sent, entity, user, entityOf });
  return {
    fields: settled.inputs,
    named: settled.named.flatMap(({ blueprint, entities }) =>
      blueprint === null
        ? []
        : entities.flatMap((id) => (typeof id === "string" && id !== "" ? [{ blueprint, id }] : [])),
    ),
    holds: settled.holds,
  };
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
