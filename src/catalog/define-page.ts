/** Pages: create, replace, change, delete, and single widgets of them (workflows.md §6.1). */
import { AppError, invalid, notFound } from "../model/error.ts";
import { isObject, type JsonObject, kindOf, sameJson } from "../model/json.ts";
import { type Page, renderPage } from "../model/page.ts";
import { blueprintOfEntityPage, HOME } from "../model/page-defaults.ts";
import {
  checkPageIdentifier,
  identifierOfTitle,
  isFolder,
  parsePageDocument,
  textIn,
} from "../model/page-document.ts";
import { mayReadPage, mayUpdatePage } from "../model/page-permission.ts";
import { checkPlaceIn } from "../model/sidebar.ts";
import { findWidget, withWidget } from "../model/widget.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import { lockDefinitions, readBlueprint } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { deletePage, insertPage, listPages, readPage, updatePage } from "../storage/pages.ts";
import { transact } from "../storage/transact.ts";
import { findPage, freeIdentifier, withPlaces } from "./pages.ts";

/** For administrators. @throws AppError conflict when the identifier is taken; not_found, invalid_request */
export function createPage(ctx: Ctx, body: unknown): Promise<JsonObject> {
  const sent = objectOf(body);
  const document = parsePageDocument(sent);
  const { type } = document;
  if (type === "home" || type === "entity")
    throw new AppError(
      "conflict",
      type === "home"
        ? `page "${HOME}" exists already; it is changed with PUT or PATCH`
        : "the page of a blueprint's entities comes with the blueprint (<blueprint>Entity); it is changed with PUT or PATCH",
    );
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    const identifier = await identifierFor(inner, sent, document);
    await checkReferences(inner, identifier, document);
    await insert(inner, identifier, document);
    return rendered(inner, identifier);
  });
}

/** As sent, or made of the title. */
async function identifierFor(ctx: Ctx, sent: JsonObject, document: JsonObject): Promise<string> {
  if (sent["identifier"] === undefined || sent["identifier"] === null) {
    const title = textIn(document, "title");
    if (title === null) throw invalid("page.identifier is missing, and there is no title to make one of");
    return freeIdentifier(ctx, identifierOfTitle(title));
  }
  const identifier = checkPageIdentifier(sent["identifier"], "page.identifier");
  if (identifier.startsWith("$"))
    throw invalid(`page.identifier "${identifier}": names that begin with $ belong to the system`);
  const entities = blueprintOfEntityPage(identifier);
  if (entities !== null && (await readBlueprint(ctx.db, ctx.org, entities)) !== null)
    throw new AppError(
      "conflict",
      `Page with identifier "${identifier}" is that of the entities of "${entities}"`,
    );
  if ((await readPage(ctx.db, ctx.org, identifier)) !== null)
    throw new AppError("conflict", `Page with identifier "${identifier}" exists already`);
  return identifier;
}

async function checkReferences(ctx: Ctx, identifier: string, document: JsonObject): Promise<void> {
  const blueprint = textIn(document, "blueprint");
  if (blueprint !== null && (await readBlueprint(ctx.db, ctx.org, blueprint)) === null)
    throw notFound("Blueprint", blueprint);
  const others = (await listPages(ctx.db, ctx.org)).filter((page) => page.identifier !== identifier);
  checkPlaceIn(others, identifier, document, "page");
}

async function insert(
  ctx: Ctx,
  identifier: string,
  document: JsonObject,
  before?: JsonObject,
): Promise<void> {
  await insertPage(ctx.db, ctx.org, {
    identifier,
    blueprint: textIn(document, "blueprint"),
    document,
    at: ctx.now(),
    by: ctx.actor.id,
  });
  await appendAuditEvents(ctx, [
    {
      kind: "page",
      action: before === undefined ? "CREATE" : "UPDATE",
      identifier,
      before: before ?? null,
      after: document,
    },
  ]);
}

/** PUT: the document becomes what is sent; another `identifier` in it renames the page. */
export function replacePage(ctx: Ctx, identifier: string, body: unknown): Promise<JsonObject> {
  const sent = objectOf(body);
  return edit(ctx, identifier, (before) => ({ type: before["type"], ...sent }), sent["identifier"]);
}

/** PATCH: each key that is sent. */
export function changePage(ctx: Ctx, identifier: string, body: unknown): Promise<JsonObject> {
  const sent = objectOf(body);
  return edit(ctx, identifier, (before) => ({ ...before, ...sent }), sent["identifier"]);
}

/** One widget, each key that is sent; null takes a key away. */
export function changeWidget(ctx: Ctx, identifier: string, id: string, body: unknown): Promise<JsonObject> {
  const sent = objectOf(body);
  return edit(ctx, identifier, (before) => {
    const widget = findWidget(before["widgets"], id);
    if (widget === null) throw notFound(`Widget of page "${identifier}"`, id);
    const next = Object.fromEntries(
      Object.entries({ ...widget, ...sent }).filter(([, value]) => value !== null),
    );
    return { ...before, widgets: withWidget(before["widgets"], id, next) };
  });
}

/** One widget, and its place. */
export function deleteWidget(ctx: Ctx, identifier: string, id: string): Promise<JsonObject> {
  return edit(ctx, identifier, (before) => {
    if (findWidget(before["widgets"], id) === null) throw notFound(`Widget of page "${identifier}"`, id);
    return { ...before, widgets: withWidget(before["widgets"], id, null) };
  });
}

/** @throws AppError not_found, forbidden, conflict, invalid_request */
function edit(
  ctx: Ctx,
  identifier: string,
  next: (before: JsonObject) => JsonObject,
  wanted?: unknown,
): Promise<JsonObject> {
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    const page = await changeablePage(inner, identifier);
    const document = parsePageDocument(next(page.document));
    const to =
      wanted === undefined || wanted === null ? identifier : checkPageIdentifier(wanted, "page.identifier");
    checkKept(page, document, to);
    if (to === identifier && sameJson(document, page.document) && page.isStored)
      return renderPage(page, false);
    await checkReferences(inner, identifier, document);
    if (page.isStored) await update(inner, page, to, document);
    else await insert(inner, identifier, document, page.document);
    return rendered(inner, to);
  });
}

interface Changeable extends Page {
  /** False for pages that are there without being stored. */
  readonly isStored: boolean;
}

async function changeablePage(ctx: Ctx, identifier: string): Promise<Changeable> {
  const page = await findPage(ctx, identifier);
  if (page === null) throw notFound("Page", identifier);
  const { person } = ctx.actor;
  if (!mayReadPage(person, page.permissions) || !mayUpdatePage(person, page.permissions))
    throw new AppError("forbidden", `page "${identifier}" may not be changed by you`);
  const isStored = (await readPage(ctx.db, ctx.org, identifier)) !== null;
  return { ...page, isStored };
}

/** What a page is for does not change. */
function checkKept(page: Page, after: JsonObject, to: string): void {
  for (const key of ["type", "blueprint"]) {
    const before = page.document[key] ?? null;
    if ((after[key] ?? null) !== before)
      throw invalid(
        `page.${key} is ${JSON.stringify(before)} and cannot be changed to ${JSON.stringify(after[key])}`,
      );
  }
  const { type } = page.document;
  if (to !== page.identifier && (type === "home" || type === "entity"))
    throw new AppError("conflict", `page "${page.identifier}" cannot be called otherwise`);
}

async function update(ctx: Ctx, page: Page, to: string, document: JsonObject): Promise<void> {
  const { db, org } = ctx;
  if (to !== page.identifier) {
    if (to.startsWith("$"))
      throw invalid(`page.identifier "${to}": names that begin with $ belong to the system`);
    if ((await findPage(ctx, to)) !== null || (await readPage(db, org, to)) !== null)
      throw new AppError("conflict", `Page with identifier "${to}" exists already`);
    await moveReferences(ctx, page.identifier, to);
  }
  await updatePage(db, org, page.identifier, { identifier: to, document, at: ctx.now(), by: ctx.actor.id });
  await appendAuditEvents(ctx, [
    { kind: "page", action: "UPDATE", identifier: to, before: page.document, after: document },
  ]);
}

/** What stands after it, or in it, follows to another name or (null) to where it stood itself. */
export async function moveReferences(ctx: Ctx, from: string, to: string | null): Promise<void> {
  const all = await listPages(ctx.db, ctx.org);
  const own = all.find(({ identifier }) => identifier === from)?.document ?? {};
  for (const { identifier, document } of all) {
    if (identifier === from) continue;
    const moved =
      to === null
        ? {
            ...document,
            ...(textIn(document, "parent") === from ? { parent: textIn(own, "parent") } : {}),
            ...(textIn(document, "after") === from ? { after: textIn(own, "after") } : {}),
          }
        : withPlaces(document, new Map([[from, to]]));
    if (JSON.stringify(moved) !== JSON.stringify(document))
      await updatePage(ctx.db, ctx.org, identifier, {
        identifier,
        document: moved,
        at: ctx.now(),
        by: ctx.actor.id,
      });
  }
}

/** @throws AppError not_found, forbidden; conflict for pages that are always there */
export function removePage(ctx: Ctx, identifier: string): Promise<void> {
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    const page = await changeablePage(inner, identifier);
    const { type } = page.document;
    if (type === "home" || type === "entity")
      throw new AppError("conflict", `page "${identifier}" is always there and cannot be deleted`);
    await moveReferences(inner, identifier, null);
    await deletePage(inner.db, inner.org, identifier);
    await appendAuditEvents(inner, [
      { kind: "page", action: "DELETE", identifier, before: page.document, after: null },
    ]);
  });
}

async function rendered(ctx: Ctx, identifier: string): Promise<JsonObject> {
  const page = await findPage(ctx, identifier);
  if (page === null || isFolder(page.document)) throw notFound("Page", identifier);
  return renderPage(page, false);
}

function objectOf(body: unknown): JsonObject {
  if (!isObject(body)) throw invalid(`the page must be an object, not ${kindOf(body)}`);
  return body;
}
