/** Pages: reading them, and those that come with a blueprint (workflows.md §6, data-model.md §3.11). */
import { type BlueprintPlan, planOf } from "../model/blueprint.ts";
import { AppError, notFound } from "../model/error.ts";
import type { JsonObject } from "../model/json.ts";
import { catalogPage, catalogPageIdentifier, type Page, renamedPage, renderPage } from "../model/page.ts";
import {
  blueprintOfEntityPage,
  entityPage,
  entityPageIdentifier,
  HOME,
  homePage,
} from "../model/page-defaults.ts";
import { isFolder, textIn } from "../model/page-document.ts";
import { mayReadPage, mayUpdatePage } from "../model/page-permission.ts";
import type { Documents, Rename } from "../model/rename.ts";
import { listBlueprints, readBlueprint } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import {
  insertPage,
  listPages,
  readBlueprintPage,
  readPage,
  takenPages,
  updatePage,
} from "../storage/pages.ts";

/** Longer than any identifier of a page. */
const MAX_IDENTIFIER = 200;

/** In the transaction that creates the blueprint. */
export async function createCatalogPage(ctx: Ctx, plan: BlueprintPlan): Promise<void> {
  const { icon } = plan.document;
  await insertPage(ctx.db, ctx.org, {
    identifier: await freeIdentifier(ctx, catalogPageIdentifier(plan.identifier)),
    blueprint: plan.identifier,
    document: catalogPage(plan.identifier, plan.title, typeof icon === "string" ? icon : null),
    at: ctx.now(),
    by: ctx.actor.id,
  });
}

/** `services` is the page of `service` and of `services`: the second to come gets a number. */
export async function freeIdentifier(ctx: Ctx, wanted: string): Promise<string> {
  const candidates = [wanted, ...Array.from({ length: 100 }, (_, i) => `${wanted}_${i + 2}`)];
  const taken = await takenPages(ctx.db, ctx.org, candidates);
  const free = candidates.find((identifier) => !taken.has(identifier));
  if (free === undefined) throw new AppError("conflict", `a hundred pages are called "${wanted}" already`);
  return free;
}

/**
 * In the transaction of the rename, when its rows have followed: identifiers made of the blueprint's follow unless
 * somebody chose them, and what widgets and filters name.
 */
export async function renameInPages(ctx: Ctx, rename: Rename, documents: Documents): Promise<void> {
  const moved = rename.kind === "blueprint" ? await movedPages(ctx, rename.from, rename.to) : new Map();
  for (const page of await listPages(ctx.db, ctx.org)) {
    const document = withPlaces(renamedPage(page.document, rename, documents), moved);
    const identifier = moved.get(page.identifier) ?? page.identifier;
    if (identifier === page.identifier && JSON.stringify(document) === JSON.stringify(page.document))
      continue;
    await updatePage(ctx.db, ctx.org, page.identifier, {
      identifier,
      document,
      at: ctx.now(),
      by: ctx.actor.id,
    });
  }
}

/** Old identifiers of pages to new ones. */
async function movedPages(ctx: Ctx, from: string, to: string): Promise<Map<string, string>> {
  const moved = new Map<string, string>();
  const page = await readBlueprintPage(ctx.db, ctx.org, to);
  if (page?.identifier === catalogPageIdentifier(from))
    moved.set(page.identifier, await freeIdentifier(ctx, catalogPageIdentifier(to)));
  if ((await readPage(ctx.db, ctx.org, entityPageIdentifier(from))) !== null)
    moved.set(entityPageIdentifier(from), await freeIdentifier(ctx, entityPageIdentifier(to)));
  return moved;
}

/** The document with `parent` and `after` under their new names. */
export function withPlaces(document: JsonObject, moved: ReadonlyMap<string, string | null>): JsonObject {
  const changed = ["parent", "after"].flatMap((key): [string, string | null][] => {
    const at = textIn(document, key);
    const next = at === null ? undefined : moved.get(at);
    return next === undefined ? [] : [[key, next]];
  });
  return changed.length === 0 ? document : { ...document, ...Object.fromEntries(changed) };
}

export const isPageIdentifier = (text: string): boolean =>
  text.length <= MAX_IDENTIFIER && !text.includes("\u0000");

/** Of what is stored, or else what is there without being stored; folders are no pages. */
export async function findPage(ctx: Ctx, identifier: string): Promise<Page | null> {
  if (!isPageIdentifier(identifier)) return null;
  const page = await readPage(ctx.db, ctx.org, identifier);
  if (page !== null) return isFolder(page.document) ? null : page;
  return defaultPage(ctx, identifier);
}

const EPOCH = new Date(0);

async function defaultPage(ctx: Ctx, identifier: string): Promise<Page | null> {
  const never = {
    permissions: null,
    createdAt: EPOCH,
    createdBy: "fairway",
    updatedAt: EPOCH,
    updatedBy: "fairway",
  };
  if (identifier === HOME) return { identifier, document: homePage(), ...never };
  const name = blueprintOfEntityPage(identifier);
  const blueprint = name === null ? null : await readBlueprint(ctx.db, ctx.org, name);
  return blueprint === null ? null : pageOfEntities(blueprint);
}

type StoredBlueprint = NonNullable<Awaited<ReturnType<typeof readBlueprint>>>;

function pageOfEntities({ document, createdAt, createdBy, updatedAt, updatedBy }: StoredBlueprint): Page {
  const { identifier, title } = planOf(document);
  return {
    identifier: entityPageIdentifier(identifier),
    document: entityPage(identifier, title, textIn(document, "icon")),
    permissions: null,
    createdAt,
    createdBy,
    updatedAt,
    updatedBy,
  };
}

/** @throws AppError not_found, forbidden */
export async function readablePage(ctx: Ctx, identifier: string): Promise<Page> {
  const page = await findPage(ctx, identifier);
  if (page === null) throw notFound("Page", identifier);
  if (!mayReadPage(ctx.actor.person, page.permissions))
    throw new AppError("forbidden", `page "${identifier}" may not be read by you`);
  return page;
}

export interface PageAnswer {
  readonly page: JsonObject;
  /** Whether the one who asks may change it. */
  readonly mayUpdate: boolean;
}

/** @throws AppError not_found, forbidden */
export async function getPage(ctx: Ctx, identifier: string): Promise<PageAnswer> {
  const page = await readablePage(ctx, identifier);
  return { page: renderPage(page, false), mayUpdate: mayUpdatePage(ctx.actor.person, page.permissions) };
}

/** Those that may be read, in the order of the sidebar's age; pages of entities and the home page last. @param compact without widgets */
export async function getPages(ctx: Ctx, compact: boolean): Promise<JsonObject[]> {
  const stored = (await listPages(ctx.db, ctx.org)).filter(({ document }) => !isFolder(document));
  const known = new Set(stored.map(({ identifier }) => identifier));
  const home = await defaultPage(ctx, HOME);
  const others = (await listBlueprints(ctx.db, ctx.org)).map(pageOfEntities);
  return [...stored, ...others, ...(home === null ? [] : [home])]
    .filter((page, i) => i < stored.length || !known.has(page.identifier))
    .filter((page) => mayReadPage(ctx.actor.person, page.permissions))
    .map((page) => renderPage(page, compact));
}
