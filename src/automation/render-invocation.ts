/** Fills the templates of an invocation (workflows.md §3.3): once with secrets, to be sent, once with masks, to be shown. */
import { invocationOf } from "../model/action.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import type { Run } from "../model/run.ts";
import { compileTemplate, JqCompileError, JqError } from "../jq/index.ts";
import { maskedSecrets } from "./masking.ts";
import { contextOf } from "./run-context.ts";

export interface RenderedInvocation {
  /** With the values of secrets: only for the call itself. */
  readonly sent: JsonObject;
  /** The same with secrets masked: for everybody else. */
  readonly shown: JsonObject;
  /** Expressions that gave null by an error, in words that hold no secret. */
  readonly problems: readonly string[];
}

/** The action cannot be carried out as it is defined. */
export class InvocationError extends Error {
  override readonly name = "InvocationError";
}

const MAX_PROBLEMS = 20;

/** @throws InvocationError when a template is no jq, or gives what cannot be sent */
export function renderInvocation(
  run: Run,
  secrets: Readonly<Record<string, string>>,
  now: Date,
): RenderedInvocation {
  const context = contextOf(run);
  try {
    const template = compileTemplate(invocationOf(run.action));
    const options = { now: now.getTime() / 1000 };
    const shown = template.explain({ ...context, secrets: maskedSecrets(secrets) }, options);
    const sent = template.render({ ...context, secrets }, options);
    if (!isObject(sent) || !isObject(shown.value))
      throw new InvocationError("the invocation did not become an object");
    return {
      sent,
      shown: shown.value,
      problems: shown.problems
        .slice(0, MAX_PROBLEMS)
        .map(
          ({ path, expression, message }) => `${path.join(".")}: {{ ${expression} }} gave null: ${message}`,
        ),
    };
  } catch (error) {
    if (error instanceof JqCompileError) throw new InvocationError(`a template is no jq: ${error.message}`);
    // What was to be rendered may stand in the message, and secrets in it.
    if (error instanceof JqError) throw new InvocationError("a template gave what cannot be sent");
    throw error;
  }
}
