/**
 * What of an action is no jq. Clients send such texts (a constant where an expression is expected, `{{run.id}}` without
 * its dot), so they are kept and told, not refused.
 */
import { isJqQuery } from "../model/action-fields.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { compileMapping, compileTemplate, JqCompileError } from "../jq/index.ts";

const MAX_WARNINGS = 20;

export function expressionWarnings(document: JsonObject): string[] {
  const warnings: string[] = [];
  const attempt = (field: string, compile: () => unknown): void => {
    try {
      compile();
    } catch (error) {
      if (!(error instanceof JqCompileError)) throw error;
      warnings.push(`${field}: ${error.message}`);
    }
  };
  attempt("invocationMethod", () => compileTemplate(document["invocationMethod"]));
  const walk = (value: unknown, field: string): void => {
    if (isJqQuery(value)) attempt(field, () => compileMapping(value.jqQuery));
    else if (Array.isArray(value)) value.forEach((one, i) => walk(one, `${field}[${i}]`));
    else if (isObject(value)) for (const [key, one] of Object.entries(value)) walk(one, `${field}.${key}`);
  };
  walk(document["trigger"], "trigger");
  const { condition } = isObject(document["trigger"]) ? document["trigger"] : {};
  const expressions: unknown = isObject(condition) ? condition["expressions"] : undefined;
  if (Array.isArray(expressions))
    for (const [i, text] of expressions.entries())
      if (typeof text === "string")
        attempt(`trigger.condition.expressions[${i}]`, () => compileMapping(text));
  return warnings.slice(0, MAX_WARNINGS);
}
