/** Entities of `_scorecard` and `_rule`: they follow the definitions, in the same transaction (workflows.md §5.4). */
import { SYSTEM_ACTOR } from "../model/actor.ts";
import { isObject, type JsonObject, sameJson } from "../model/json.ts";
import { ROW_KEY, storedScorecards } from "../model/scorecard.ts";
import type { Ctx } from "../storage/context.ts";
import { existingKeys } from "../storage/entities.ts";
import { keyOf } from "../model/entity.ts";
import { deleteEntities } from "./delete-entity.ts";
import { type UpsertOptions, upsertEntities } from "./upsert-entity.ts";

const SCORECARD = "_scorecard";
const RULE = "_rule";
const WRITE: UpsertOptions = {
  ...{ present: "merge", absent: "create", createMissing: false, validationOnly: false, closed: false },
};
/** Entities in one statement. */
const PORTION = 500;

/** Each with the identifier of its entity: its own, or another one where a scorecard elsewhere has that. */
export async function withRows(
  tx: Ctx,
  blueprint: string,
  scorecards: readonly JsonObject[],
): Promise<JsonObject[]> {
  const result: JsonObject[] = [];
  const taken = new Set(
    scorecards.flatMap((one) => (typeof one[ROW_KEY] === "string" ? [one[ROW_KEY]] : [])),
  );
  for (const scorecard of scorecards) {
    if (typeof scorecard[ROW_KEY] === "string") {
      result.push(scorecard);
      continue;
    }
    const identifier = String(scorecard["identifier"]);
    const names = [identifier, `${identifier}@${blueprint}`];
    for (let n = 2; n < 100; n++) names.push(`${identifier}@${blueprint}-${n}`);
    const keys = names.map((name) => ({ blueprint: SCORECARD, identifier: name }));
    const existing = await existingKeys(tx.db, tx.org, keys);
    const free =
      names.find((name) => !taken.has(name) && !existing.has(keyOf(SCORECARD, name))) ?? identifier;
    taken.add(free);
    result.push({ ...scorecard, [ROW_KEY]: free });
  }
  return result;
}

/**
 * Writes what differs between two states of the document of one blueprint, which may have got another identifier.
 * @param after null: the blueprint is gone
 * @throws AppError when a property that users have added to these blueprints does not fit
 */
export async function followScorecards(tx: Ctx, before: JsonObject, after: JsonObject | null): Promise<void> {
  const ctx = { ...tx, actor: SYSTEM_ACTOR };
  const [old, now] = [rowsOf(before), rowsOf(after ?? {})];
  for (const kind of [RULE, SCORECARD] as const) {
    const gone = [...old[kind].keys()].filter((identifier) => !now[kind].has(identifier));
    for (let i = 0; i < gone.length; i += PORTION)
      await deleteEntities(ctx, kind, gone.slice(i, i + PORTION), { deleteDependents: true });
  }
  for (const kind of [SCORECARD, RULE] as const) {
    const changed = [...now[kind]].flatMap(([identifier, body]) =>
      sameJson(body, old[kind].get(identifier)) ? [] : [body],
    );
    for (let i = 0; i < changed.length; i += PORTION) {
      const { outcomes } = await upsertEntities(ctx, kind, changed.slice(i, i + PORTION), WRITE);
      for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
    }
  }
}

type Rows = Readonly<Record<typeof SCORECARD | typeof RULE, Map<string, JsonObject>>>;

function rowsOf(document: JsonObject): Rows {
  const blueprint = document["identifier"];
  const rows: Rows = { [SCORECARD]: new Map(), [RULE]: new Map() };
  for (const scorecard of storedScorecards(document)) {
    const row = String(scorecard[ROW_KEY] ?? scorecard["identifier"]);
    const { title, levels, filter = null } = scorecard;
    rows[SCORECARD].set(row, {
      ...{ identifier: row, title },
      properties: { ...ownProperties(scorecard), blueprint, levels, filter },
    });
    for (const rule of Array.isArray(scorecard["rules"]) ? scorecard["rules"].filter(isObject) : []) {
      const identifier = `${row}:${String(rule["identifier"])}`;
      const { level, query, description = null } = rule;
      rows[RULE].set(identifier, {
        ...{ identifier, title: rule["title"] },
        properties: { ...ownProperties(rule), level, query, rule_description: description },
        relations: { scorecard: row },
      });
    }
  }
  return rows;
}

/** Of properties that users have added to the system's blueprints. */
function ownProperties({ properties }: JsonObject): JsonObject {
  return isObject(properties) ? properties : {};
}
