/** Alerts and initiatives name blueprints, properties and scorecards, and follow their renames (decision 13). */
import { isObject, type JsonObject, sameJson } from "../model/json.ts";
import type { Documents, Rename } from "../model/rename.ts";
import { renameInAlert, renameInInitiative } from "../model/rename-watching.ts";
import {
  type AlertRow,
  listAlerts,
  renameAlertSubject,
  renameAlertSubjects,
  takeAlerts,
  writeAlertDocument,
} from "../storage/alerts.ts";
import type { Ctx } from "../storage/context.ts";
import {
  listInitiatives,
  renameInitiativeScorecard,
  writeInitiativeDocument,
} from "../storage/initiatives.ts";

/** In the transaction of the rename. */
export async function renameInWatching(ctx: Ctx, rename: Rename, documents: Documents): Promise<void> {
  await changeAlerts(ctx, (document) => renameInAlert(document, rename));
  if (rename.kind === "blueprint") await renameAlertSubjects(ctx.db, ctx.org, rename.from, rename.to);
  for (const { identifier, blueprint, document } of await listInitiatives(ctx.db, ctx.org)) {
    // The row has followed the blueprint already, the documents tell how it was called.
    const on = rename.kind === "blueprint" && blueprint === rename.to ? rename.from : blueprint;
    const after = renameInInitiative(document, on, rename, documents);
    if (!sameJson(document, after)) await writeInitiativeDocument(ctx.db, ctx.org, identifier, after);
  }
}

/** In the transaction that gives an entity another identifier. */
export async function renameWatchedEntity(
  ctx: Ctx,
  blueprint: string,
  from: string,
  to: string,
): Promise<void> {
  const isAbout = ({ document: { source } }: Pick<AlertRow, "document">): boolean =>
    isObject(source) && (source["blueprint"] ?? source["per"]) === blueprint;
  const watching = (await listAlerts(ctx.db, ctx.org)).filter(isAbout);
  if (watching.length === 0) return;
  const names = watching.map(({ identifier }) => identifier);
  const locked = await takeAlerts(ctx.db, ctx.org, names);
  await renameAlertSubject(ctx.db, ctx.org, names, `${blueprint}:${from}`, `${blueprint}:${to}`);
  for (const row of locked)
    if (isAbout(row) && row.document["entity"] === from)
      await writeAlertDocument(ctx.db, ctx.org, row.identifier, { ...row.document, entity: to });
}

/** In the transaction that gives a scorecard another identifier. */
export async function renameWatchedScorecard(
  ctx: Ctx,
  blueprint: string,
  from: string,
  to: string,
): Promise<void> {
  await renameInitiativeScorecard(ctx.db, ctx.org, blueprint, from, to);
  await changeAlerts(ctx, (document) => {
    const { source } = document;
    const isOf = isObject(source) && source["blueprint"] === blueprint && source["scorecard"] === from;
    return isOf ? { ...document, source: { ...source, scorecard: to } } : document;
  });
}

async function changeAlerts(ctx: Ctx, change: (document: JsonObject) => JsonObject): Promise<void> {
  for (const { identifier, document } of await listAlerts(ctx.db, ctx.org)) {
    const after = change(document);
    if (!sameJson(document, after)) await writeAlertDocument(ctx.db, ctx.org, identifier, after);
  }
}
