/** The form of an action for the values of a run, with its entities read by the rights of whoever runs it. */
import { getEntity } from "../../catalog/read-entities.ts";
import { AppError, invalid } from "../../model/error.ts";
import { isObject, type JsonObject, show } from "../../model/json.ts";
import { type InputState, type NamedEntities, settleActionForm } from "../../model/settle-form.ts";
import type { Ctx } from "../../storage/context.ts";
import { formEngine, type FormContext, formMeter, userOf } from "./form-context.ts";

export type { InputState };

export interface FormState {
  readonly inputs: ReadonlyMap<string, InputState>;
  readonly context: FormContext;
}

const MAX_ENTITIES = 100;
/** An input may follow from an entity that follows from another; longer chains are not meant. */
const MAX_ROUNDS = 8;

/**
 * @param userInputs of the action
 * @throws AppError invalid_request for a key that the form does not have, or an entity that is not there
 */
export async function formState(
  ctx: Ctx,
  userInputs: JsonObject,
  sent: JsonObject,
  entity: JsonObject | null,
): Promise<FormState> {
  const properties = isObject(userInputs["properties"]) ? userInputs["properties"] : {};
  const unknown = Object.keys(sent).find((key) => !Object.hasOwn(properties, key));
  if (unknown !== undefined)
    throw invalid(
      `properties: the form has no input ${show(unknown)}; it has ${Object.keys(properties).join(", ") || "none"}`,
    );
  // All expressions share what they may use, however often the form is settled.
  const meter = formMeter();
  const engine = formEngine(meter, ctx.now());
  const user = userOf(ctx.actor);
  const read: Read = new Map();
  const entityOf = (blueprint: string, one: unknown): unknown => {
    const found = read.get(nameOf(blueprint, one));
    return found === undefined || found instanceof AppError ? { identifier: identifierOf(one) } : found;
  };
  for (let round = 1; ; round++) {
    const { inputs, named, seen } = settleActionForm(engine, userInputs, { sent, entity, user, entityOf });
    const wasRead = await readNew(ctx, named, read);
    if (wasRead && meter.left >= 0 && round < MAX_ROUNDS) continue;
    if (wasRead && meter.left >= 0)
      throw invalid(
        `properties: the inputs of the form follow from one another more than ${MAX_ROUNDS} deep`,
      );
    checkNamed(named, read);
    return { inputs, context: { form: seen.form, entity, user, meter } };
  }
}

/** What was found, or why it could not be read: that matters only of what the form names in the end. */
type Read = Map<string, JsonObject | AppError>;

/** Forms of older clients send entities whole. */
const identifierOf = (one: unknown): unknown => (isObject(one) ? one["identifier"] : one);

const nameOf = (blueprint: string, one: unknown): string => JSON.stringify([blueprint, identifierOf(one)]);

/** Reads what is named and was not read yet; false: there was nothing. */
async function readNew(ctx: Ctx, named: readonly NamedEntities[], read: Read): Promise<boolean> {
  let wasRead = false;
  for (const { key, blueprint, entities } of named) {
    if (blueprint === null || entities.length > MAX_ENTITIES) continue;
    for (const one of entities) {
      const name = nameOf(blueprint, one);
      if (read.has(name)) continue;
      wasRead = true;
      read.set(name, await readNamed(ctx, key, blueprint, one));
    }
  }
  return wasRead;
}

/** @throws AppError invalid_request for the first input whose entities are not there */
function checkNamed(named: readonly NamedEntities[], read: Read): void {
  for (const { key, blueprint, entities } of named) {
    if (blueprint === null)
      throw invalid(
        `properties.${key}: of which blueprint its entities are depends on inputs that are empty`,
      );
    if (entities.length > MAX_ENTITIES)
      throw invalid(
        `properties.${key} names ${entities.length} entities; at most ${MAX_ENTITIES} are allowed`,
      );
    for (const one of entities) {
      const found = read.get(nameOf(blueprint, one));
      if (found instanceof AppError) throw found;
    }
  }
}

/** Entities are read whole, with the permissions of whoever runs the action. */
async function readNamed(
  ctx: Ctx,
  key: string,
  blueprint: string,
  one: unknown,
): Promise<JsonObject | AppError> {
  const identifier = identifierOf(one);
  if (typeof identifier !== "string")
    return invalid(`properties.${key} must name an entity of "${blueprint}", not ${show(one)}`);
  try {
    return { ...(await getEntity(ctx, blueprint, identifier)) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "internal_error") throw error;
    return invalid(`properties.${key} ${show(identifier)}: ${error.message}`);
  }
}
