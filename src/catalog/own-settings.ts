/** What a person keeps for themselves, wherever they sign in; nobody else reads it. */
import { AppError, invalid } from "../model/error.ts";
import { checkJson, isObject, type JsonObject, kindOf, show } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import { deleteOwnSetting, putOwnSetting, readOwnSettings } from "../storage/own-settings.ts";

/** A view for each blueprint of a large data model, and room for other things. */
const MOST = 500;
/** A view with every operator in its filters and twenty columns takes two thousand. */
const MAX_TEXT = 16_384;
const NAME = /^[A-Za-z0-9_.:@=-]{1,200}$/;

/** By name. @throws AppError forbidden for credentials that are nobody's */
export async function ownSettings(ctx: Ctx): Promise<JsonObject> {
  const found = await readOwnSettings(ctx.db, ctx.org, personOf(ctx));
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}

/** @throws AppError forbidden, invalid_request */
export async function keepOwnSetting(ctx: Ctx, name: string, value: unknown): Promise<void> {
  const person = personOf(ctx);
  checkName(name);
  if (!isObject(value)) throw invalid(`value must be an object, not ${kindOf(value)}`);
  checkJson(value, "value");
  const size = JSON.stringify(value).length;
  if (size > MAX_TEXT) throw invalid(`value has ${size} characters as JSON; at most ${MAX_TEXT} are allowed`);
  if (!(await putOwnSetting(ctx.db, ctx.org, person, { name, value }, MOST, ctx.now())))
    throw invalid(`setting ${show(name)} would be one too many; at most ${MOST} are kept for each person`);
}

/** What is not there is gone as well. @throws AppError forbidden, invalid_request */
export async function forgetOwnSetting(ctx: Ctx, name: string): Promise<void> {
  const person = personOf(ctx);
  checkName(name);
  await deleteOwnSetting(ctx.db, ctx.org, person, name);
}

function personOf({ actor: { person } }: Ctx): string {
  if (person !== undefined) return person.email;
  throw new AppError("forbidden", "these credentials are nobody's; only people keep settings of their own");
}

function checkName(name: string): void {
  if (!NAME.test(name))
    throw invalid(`setting ${show(name)} must be 1 to 200 letters, digits, or characters of _ . : @ = -`);
}
