/** Definitions that write people later, when whoever wrote them is not asked any more: actions, webhooks, data sources. */
import type { Actor } from "../model/actor.ts";
import { AppError } from "../model/error.ts";
import { requireFreshProof } from "../model/fresh-proof.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { covers } from "../model/scope.ts";
import { USER_BLUEPRINT } from "../model/user.ts";
import { isPeople } from "./people-rules.ts";

/** `null`: it is computed, and may be any. */
type Written = string | null;

/** Blueprints that an action writes into by itself. */
export function writtenByAction(document: JsonObject): readonly Written[] {
  const { invocationMethod: invocation } = document;
  if (!isObject(invocation) || invocation["type"] !== "UPSERT_ENTITY") return [];
  const { blueprintIdentifier: blueprint } = invocation;
  return [typeof blueprint === "string" && !blueprint.includes("{{") ? blueprint : null];
}

/** Of the mappings of a webhook, which name their blueprint as it is. */
export function writtenByWebhook(document: JsonObject): readonly Written[] {
  return listOf(document["mappings"]).map((one) => textOf(isObject(one) ? one["blueprint"] : undefined));
}

/** Of the mapping of a data source, where the blueprint is jq: a text in quotes is that text. */
export function writtenBySource(mapping: JsonObject): readonly Written[] {
  return listOf(mapping["resources"]).flatMap((resource) => {
    const port = isObject(resource) ? resource["port"] : undefined;
    const entity = isObject(port) ? port["entity"] : undefined;
    const mappings = isObject(entity) ? entity["mappings"] : undefined;
    return (Array.isArray(mappings) ? listOf(mappings) : [mappings]).map((one) =>
      constantOf(isObject(one) ? one["blueprint"] : undefined),
    );
  });
}

/** Whether users or teams may be among them. */
export const mayWritePeople = (written: readonly Written[]): boolean =>
  written.some((blueprint) => blueprint === null || isPeople(blueprint));

/**
 * Roles are settings, by detours too: what a limited token defines writes no people unless it may write settings, and
 * what lets users in takes a fresh proof.
 * @throws AppError forbidden
 */
export function checkDefinesPeople(actor: Actor, written: readonly Written[], what: string): void {
  const { scopes } = actor;
  if (written.some((blueprint) => blueprint === null || blueprint === USER_BLUEPRINT))
    requireFreshProof(actor);
  if (scopes === undefined || covers(scopes, "settings", true)) return;
  for (const blueprint of written)
    if (blueprint === null || isPeople(blueprint))
      throw new AppError(
        "forbidden",
        blueprint === null
          ? `the token lacks the scope settings:write, which ${what} takes whose blueprint is computed: it could be "_user"`
          : `the token lacks the scope settings:write, which ${what} takes that writes entities of blueprint "${blueprint}"`,
      );
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): Written => (typeof value === "string" ? value : null);

function constantOf(value: unknown): Written {
  if (typeof value !== "string") return null;
  try {
    return textOf(JSON.parse(value.trim()));
  } catch {
    return null;
  }
}
