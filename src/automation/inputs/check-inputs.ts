/** The inputs of a run, checked on the server whatever the browser did, and in the forms that a run has of them. */
import { findMany } from "../../catalog/search-many.ts";
import { isGiven } from "../../model/action-fields.ts";
import { AppError, invalid } from "../../model/error.ts";
import { isObject, type JsonObject, show } from "../../model/json.ts";
import { TEAM_BLUEPRINT } from "../../model/query-graph.ts";
import { parseQuery } from "../../model/query.ts";
import { USER_BLUEPRINT } from "../../model/user.ts";
import type { Ctx } from "../../storage/context.ts";
import { existingKeys } from "../../storage/entities.ts";
import type { RunInputs } from "../start-run.ts";
import { checkValue } from "./check-value.ts";
import { checkClientSide, encryptInput, isClientSide } from "./encrypt-input.ts";
import { formState, type InputState } from "./form-state.ts";

/** @throws AppError invalid_request naming the input, its value and the rule */
export async function checkInputs(
  ctx: Ctx,
  clientSecret: string,
  userInputs: JsonObject,
  sent: JsonObject,
  entity: JsonObject | null,
): Promise<RunInputs> {
  const { inputs, context } = await formState(ctx, userInputs, sent, entity);
  // What could not be worked out hides and locks nothing: nobody gets around rules by using up what there is.
  if (context.meter.left < 0)
    throw invalid("properties: the expressions of the form take too many steps for these inputs");
  const raw: Record<string, unknown> = {};
  const shown: Record<string, unknown> = {};
  const seen: Record<string, unknown> = {};
  for (const [key, state] of inputs) {
    const { value, input } = state;
    refuseForced(key, state);
    if (value === undefined || (value === "" && !state.required)) {
      if (state.required && state.visible)
        throw invalid(`properties.${key} is missing; the form asks for it`);
      // Templates see every input of the form.
      seen[key] = null;
      continue;
    }
    if (state.required && value === "") throw invalid(`properties.${key} is empty; the form asks for it`);
    const { encryption } = input;
    if (isClientSide(encryption)) {
      checkClientSide(key, value);
      raw[key] = shown[key] = seen[key] = value;
      continue;
    }
    if (state.problem !== null) throw invalid(`properties.${key}: ${state.problem}`);
    const plain = plainOf(value, input);
    if (isGiven(encryption)) checkHidden(key, input, plain);
    else checkValue(key, input, plain);
    await checkExists(ctx, key, input, plain);
    if (encryption === "aes256-gcm")
      raw[key] = shown[key] = seen[key] = encryptInput(clientSecret, key, plain);
    else {
      raw[key] = plain;
      shown[key] = shownOf(state.seen, plain, input);
      seen[key] = state.seen;
    }
  }
  return { raw, shown, seen };
}

function refuseForced(key: string, { isForced, visible, input, value }: InputState): void {
  if (!isForced) return;
  const gives = isGiven(input["encryption"]) ? "" : `, which gives ${show(value)}`;
  const why = isGiven(input["value"])
    ? `is worked out by the form${gives}`
    : visible
      ? "is disabled for these inputs"
      : "is not shown for these inputs";
  throw invalid(`properties.${key} ${why}; it cannot be sent otherwise`);
}

/** What is refused stands in the audit log: what is to be encrypted is not named there. @throws AppError invalid_request */
function checkHidden(key: string, input: JsonObject, plain: unknown): void {
  try {
    checkValue(key, input, plain);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw invalid(
      `properties.${key} does not meet the rules of its input (type, format, length, pattern, enum); it is encrypted, so what was sent is not shown`,
    );
  }
}

/** Entities by their identifiers, where a client sent them whole. */
function plainOf(value: unknown, input: JsonObject): unknown {
  const isEntity = (rules: unknown): boolean => isObject(rules) && rules["format"] === "entity";
  if (Array.isArray(value)) return isEntity(input["items"]) ? value.map(identifierOf) : value;
  return isEntity(input) ? identifierOf(value) : value;
}

const identifierOf = (value: unknown): unknown => (isObject(value) ? value["identifier"] : value);

function shownOf(seen: unknown, plain: unknown, input: JsonObject): unknown {
  const isMany = Array.isArray(seen);
  const rules = isMany ? input["items"] : input;
  if (!isObject(rules) || rules["format"] !== "entity") return plain;
  return isMany ? seen.map(briefOf) : briefOf(seen);
}

function briefOf(entity: unknown): unknown {
  if (!isObject(entity)) return entity;
  const { identifier, title = null, icon = null, blueprint } = entity;
  return { identifier, title, icon, blueprint };
}

/** Entities are in the dataset of their input; users and teams exist. */
async function checkExists(ctx: Ctx, key: string, input: JsonObject, plain: unknown): Promise<void> {
  const items = Array.isArray(plain) && isObject(input["items"]) ? input["items"] : null;
  const rules = items ?? input;
  const named = (Array.isArray(plain) ? plain : [plain]).filter((one) => typeof one === "string");
  if (named.length === 0) return;
  const { format } = rules;
  if (format === "user") return requireExisting(ctx, key, USER_BLUEPRINT, "user", named);
  if (format === "team") return requireExisting(ctx, key, TEAM_BLUEPRINT, "team", named);
  const dataset = rules["dataset"] ?? input["dataset"];
  if (format !== "entity" || !isObject(dataset)) return;
  const blueprint = String(rules["blueprint"]);
  const query = parseQuery(dataset, `the dataset of input "${key}"`);
  const condition = { op: "in", values: named } as const;
  const isNamed = { kind: "rule", property: "$identifier", condition, negated: false } as const;
  const both = { kind: "group", combinator: "and", rules: [isNamed, query] } as const;
  const [found = []] = await findMany(ctx, [{ blueprint, query: both, limit: named.length }]);
  const missing = named.find((one) => !found.includes(one));
  if (missing !== undefined)
    throw invalid(`properties.${key} ${show(missing)} is not among the entities that the form offers`);
}

async function requireExisting(
  ctx: Ctx,
  key: string,
  blueprint: string,
  what: string,
  named: readonly string[],
): Promise<void> {
  const keys = named.map((identifier) => ({ blueprint, identifier }));
  const found = await existingKeys(ctx.db, ctx.org, keys);
  const missing = named.find((one) => !found.has(`${blueprint}\u0000${one}`));
  if (missing !== undefined) throw invalid(`properties.${key} ${show(missing)}: there is no such ${what}`);
}
