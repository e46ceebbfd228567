/** Dated notes beside the numbers: which of them a chart shows, who may write them, and what the audit log keeps. */
import { randomBytes } from "node:crypto";
import {
  type Annotation,
  type AnnotationBody,
  type AnnotationScope,
  checkAnnotationIdentifier,
  parseAnnotation,
} from "../../model/dora-annotation.ts";
import { AppError, invalid, notFound } from "../../model/error.ts";
import { show } from "../../model/json.ts";
import type { Sight } from "../../model/sight.ts";
import { isAdmin, moderatorOf } from "../../model/user.ts";
import { appendAuditEvents } from "../../storage/audit-events.ts";
import type { Ctx } from "../../storage/context.ts";
import {
  annotatedScopes,
  type AnnotationRow,
  countAnnotations,
  deleteAnnotation,
  insertAnnotation,
  listAnnotations,
  readAnnotation,
  updateAnnotation,
} from "../../storage/dora-annotations.ts";
import { readEntity } from "../../storage/dora-facts.ts";
import { servicesBelow } from "../../storage/dora-ownership.ts";
import { transact } from "../../storage/transact.ts";
import { iso } from "./present.ts";
import type { QuestionInput } from "./question.ts";
import { parseScope, type Scope } from "./scope.ts";
import { loadSettings } from "./settings.ts";
import { parseWindow } from "./window.ts";
import { requireScope } from "./within-sight.ts";

export interface AnnotationsInput extends QuestionInput {
  /** Also notes about what lies within the scope. */
  readonly below?: boolean;
  readonly limit?: number;
}

const DEFAULT_LIMIT = 500;
/** Of an organisation: charts show a few hundred, and anybody may write. */
const MAX_NOTES = 10_000;

/**
 * Those of the organisation, of the scope itself, and of what it lies in: of teams, systems and domains that have all of
 * its services. @throws AppError not_found (scope), forbidden, invalid_request
 */
export async function doraAnnotations(
  ctx: Ctx,
  { below = false, limit = DEFAULT_LIMIT, ...input }: AnnotationsInput,
  sight: Sight | null,
): Promise<object> {
  for (const [name, value] of Object.entries(input))
    if (typeof value === "string" && value.includes("\u0000")) throw invalid(`${name} must not contain NUL`);
  const settings = await loadSettings(ctx);
  const window = parseWindow(input, settings, ctx.now().getTime());
  const service = settings.service.blueprint;
  const scope = await parseScope(ctx, input, service, window.timezone, sight);
  const found = await seen(sight, await annotatedScopes(ctx.db, ctx.org, window));
  const shown = await concerning(ctx, found, scope, { below, service, timezone: window.timezone });
  const { rows, total } = await listAnnotations(ctx.db, ctx.org, window, shown, limit);
  return {
    scope: { blueprint: scope.blueprint, entity: scope.entity, title: scope.title },
    window: { from: iso(window.from), to: iso(window.to), timezone: window.timezone },
    annotations: rows.map((row) => render(ctx, row)),
    total,
  };
}

async function seen(sight: Sight | null, scopes: readonly AnnotationScope[]): Promise<AnnotationScope[]> {
  if (sight === null) return [...scopes];
  const byBlueprint = Map.groupBy(scopes, ({ blueprint }) => blueprint);
  const visible = await Promise.all(
    [...byBlueprint].map(async ([blueprint, list]) => {
      const those = await sight.among(
        blueprint,
        list.map(({ entity }) => entity),
      );
      return list.filter(({ entity }) => those.has(entity));
    }),
  );
  return visible.flat();
}

/** Which of the scopes a question is about, by the services that they and it stand for. */
async function concerning(
  ctx: Ctx,
  scopes: readonly AnnotationScope[],
  asked: Scope,
  how: { readonly below: boolean; readonly service: string; readonly timezone: string },
): Promise<AnnotationScope[]> {
  const isWhole = asked.entity === null && asked.services === null;
  if (isWhole) return how.below ? [...scopes] : [];
  const own = new Set(asked.services);
  const shown: AnnotationScope[] = [];
  for (const [blueprint, list] of Map.groupBy(scopes, (one) => one.blueprint)) {
    const pairs =
      blueprint === how.service
        ? list.map(({ entity }) => ({ root: entity, service: entity }))
        : await servicesBelow(ctx.db, ctx.org, how.service, blueprint, null, how.timezone);
    const services = Map.groupBy(pairs, ({ root }) => root);
    for (const one of list) {
      const its = new Set(services.get(one.entity)?.map((pair) => pair.service));
      const isItself = one.blueprint === asked.blueprint && one.entity === asked.entity;
      const isAround = own.size > 0 && [...own].every((name) => its.has(name));
      const isWithin = how.below && its.size > 0 && [...its].every((name) => own.has(name));
      if (isItself || isAround || isWithin) shown.push(one);
    }
  }
  return shown;
}

/** @throws AppError not_found, also for what may not be read */
export async function annotationDetail(ctx: Ctx, identifier: string, sight: Sight | null): Promise<object> {
  return render(ctx, await found(ctx, identifier, sight));
}

async function found(ctx: Ctx, identifier: string, sight: Sight | null): Promise<AnnotationRow> {
  const row = identifier.includes("\u0000") ? null : await readAnnotation(ctx.db, ctx.org, identifier);
  if (row === null) throw notFound("Annotation", identifier);
  const scope = scopeOf(row);
  if (scope !== null && (await seen(sight, [scope])).length === 0) throw notFound("Annotation", identifier);
  return row;
}

/**
 * Anybody who may read what it is about may write one.
 * @throws AppError invalid_request, forbidden (scope), conflict (identifier; too many)
 */
export async function createAnnotation(
  ctx: Ctx,
  body: AnnotationBody & { readonly identifier?: string },
  sight: Sight | null,
): Promise<object> {
  const identifier = body.identifier ?? `note_${randomBytes(8).toString("hex")}`;
  checkAnnotationIdentifier(identifier);
  const note = parseAnnotation(body);
  await checkScope(ctx, note.scope, sight);
  if ((await countAnnotations(ctx.db, ctx.org)) >= MAX_NOTES)
    throw new AppError("conflict", `there are ${MAX_NOTES} notes, which is the most: delete some`);
  return transact(ctx, async (tx) => {
    const write = { identifier, ...note, at: tx.now(), by: tx.actor.id };
    if (!(await insertAnnotation(tx.db, tx.org, write)))
      throw new AppError("conflict", `Annotation with identifier "${identifier}" exists already`);
    await appendAuditEvents(tx, [{ kind: "annotation", action: "CREATE", identifier, after: note }]);
    return render(tx, await present(tx, identifier));
  });
}

/**
 * What the body omits is removed; the same again writes nothing.
 * @throws AppError not_found, forbidden, invalid_request
 */
export async function replaceAnnotation(
  ctx: Ctx,
  identifier: string,
  body: AnnotationBody,
  sight: Sight | null,
): Promise<object> {
  await found(ctx, identifier, sight);
  const note = parseAnnotation(body);
  await checkScope(ctx, note.scope, sight);
  return transact(ctx, async (tx) => {
    const row = await present(tx, identifier);
    requireWriter(tx, row);
    const before = noteOf(row);
    if (JSON.stringify(before) !== JSON.stringify(note)) {
      await updateAnnotation(tx.db, tx.org, { identifier, ...note, at: tx.now(), by: tx.actor.id });
      await appendAuditEvents(tx, [
        { kind: "annotation", action: "UPDATE", identifier, before, after: note },
      ]);
    }
    return render(tx, await present(tx, identifier));
  });
}

/** @throws AppError not_found, forbidden */
export async function removeAnnotation(ctx: Ctx, identifier: string, sight: Sight | null): Promise<void> {
  await found(ctx, identifier, sight);
  await transact(ctx, async (tx) => {
    const row = await present(tx, identifier);
    requireWriter(tx, row);
    await deleteAnnotation(tx.db, tx.org, identifier);
    await appendAuditEvents(tx, [{ kind: "annotation", action: "DELETE", identifier, before: noteOf(row) }]);
  });
}

async function present(tx: Ctx, identifier: string): Promise<AnnotationRow> {
  const row = await readAnnotation(tx.db, tx.org, identifier, true);
  if (row === null) throw notFound("Annotation", identifier);
  return row;
}

/** Before the transaction: what may be seen is asked on a connection of its own, and the embedded database has one. */
async function checkScope(ctx: Ctx, scope: AnnotationScope | null, sight: Sight | null): Promise<void> {
  if (scope === null) return;
  const { blueprint, entity } = scope;
  await requireScope(sight, blueprint, entity);
  if ((await readEntity(ctx.db, ctx.org, blueprint, entity)) === null)
    throw invalid(
      `body.scope ${show(`${blueprint}:${entity}`)} must name an entity of the catalogue; leave it out for the whole organisation`,
    );
}

function requireWriter(ctx: Ctx, row: AnnotationRow): void {
  if (mayChange(ctx, row)) return;
  throw new AppError(
    "forbidden",
    `annotation "${row.identifier}" may be changed by its author, ${row.created_by}, by administrators, and by moderators of what it is about`,
  );
}

function mayChange({ actor }: Ctx, { created_by: author, blueprint }: AnnotationRow): boolean {
  const { person } = actor;
  if (person === undefined || isAdmin(person) || author === actor.id) return true;
  return blueprint !== null && person.roles.includes(moderatorOf(blueprint));
}

const scopeOf = ({ blueprint, entity }: AnnotationRow): AnnotationScope | null =>
  blueprint === null || entity === null ? null : { blueprint, entity };

const noteOf = (row: AnnotationRow): Annotation => ({
  day: row.day,
  text: row.text,
  url: row.url,
  scope: scopeOf(row),
});

function render(ctx: Ctx, row: AnnotationRow): object {
  const scope = scopeOf(row);
  return {
    ...{ identifier: row.identifier, day: row.day, text: row.text, url: row.url },
    scope: scope && { ...scope, title: row.title },
    ...{ createdAt: row.created_at.toISOString(), createdBy: row.created_by },
    ...{ updatedAt: row.updated_at.toISOString(), updatedBy: row.updated_by },
    mayChange: mayChange(ctx, row),
  };
}
