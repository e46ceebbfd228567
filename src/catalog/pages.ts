/** Pages: the one that comes with a blueprint, and reading them (data-model.md §3.11). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { AppError, notFound } from "../model/error.ts";
import type { JsonObject } from "../model/json.ts";
import { catalogPage, catalogPageIdentifier, type Page, renamedPage, renderPage } from "../model/page.ts";
import { mayReadPage } from "../model/page-permission.ts";
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
    identifier: await freeIdentifier(ctx, plan.identifier),
    blueprint: plan.identifier,
    document: catalogPage(plan.identifier, plan.title, typeof icon === "string" ? icon : null),
    at: ctx.now(),
    by: ctx.actor.id,
  });
}

/** `services` is the page of `service` and of `services`: the second to come gets a number. */
async function freeIdentifier(ctx: Ctx, blueprint: string): Promise<string> {
  const wanted = catalogPageIdentifier(blueprint);
  const candidates = [wanted, ...Array.from({ length: 100 }, (_, i) => `${wanted}_${i + 2}`)];
  const taken = await takenPages(ctx.db, ctx.org, candidates);
  const free = candidates.find((identifier) => !taken.has(identifier));
  if (free === undefined) throw new Error(`no free identifier for the page of blueprint "${blueprint}"`);
  return free;
}

/** In the transaction that renames the blueprint; the page's identifier follows unless somebody chose it. */
export async function renameCatalogPage(ctx: Ctx, from: string, to: string): Promise<void> {
  const page = await readBlueprintPage(ctx.db, ctx.org, to);
  if (page === null) return;
  const identifier =
    page.identifier === catalogPageIdentifier(from) ? await freeIdentifier(ctx, to) : page.identifier;
  const document = renamedPage(page.document, from, to);
  await updatePage(ctx.db, ctx.org, page.identifier, {
    identifier,
    document,
    at: ctx.now(),
    by: ctx.actor.id,
  });
}

export const isPageIdentifier = (text: string): boolean =>
  text.length <= MAX_IDENTIFIER && !text.includes("\u0000");

/** @throws AppError not_found, forbidden */
export async function readablePage(ctx: Ctx, identifier: string): Promise<Page> {
  const page = isPageIdentifier(identifier) ? await readPage(ctx.db, ctx.org, identifier) : null;
  if (page === null) throw notFound("Page", identifier);
  if (!mayReadPage(ctx.actor.person, page.permissions))
    throw new AppError("forbidden", `page "${identifier}" may not be read by you`);
  return page;
}

/** @throws AppError not_found, forbidden */
export async function getPage(ctx: Ctx, identifier: string): Promise<JsonObject> {
  return renderPage(await readablePage(ctx, identifier), false);
}

/** Those that may be read. @param compact without widgets */
export async function getPages(ctx: Ctx, compact: boolean): Promise<JsonObject[]> {
  const pages = await listPages(ctx.db, ctx.org);
  return pages
    .filter((page) => mayReadPage(ctx.actor.person, page.permissions))
    .map((page) => renderPage(page, compact));
}
