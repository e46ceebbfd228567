/** The sidebar: pages and folders in their order (workflows.md §6.1). */
import { AppError, invalid, notFound } from "../model/error.ts";
import { isObject, isStringArray, type JsonObject, kindOf, show } from "../model/json.ts";
import {
  checkPageIdentifier,
  identifierOfTitle,
  isFolder,
  parseFolderDocument,
  textIn,
} from "../model/page-document.ts";
import { mayReadPage } from "../model/page-permission.ts";
import { checkPlaceIn, renderSidebarItem, sidebarOrder } from "../model/sidebar.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import { lockDefinitions } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { deletePage, insertPage, listPages, readPage, updatePage } from "../storage/pages.ts";
import { transact } from "../storage/transact.ts";
import { moveReferences } from "./define-page.ts";
import { findPage, freeIdentifier } from "./pages.ts";

/** The only one there is. */
const SIDEBAR = "catalog";

export interface Sidebar {
  readonly identifier: string;
  readonly items: readonly JsonObject[];
}

/** What may be read, in the order it is shown. @throws AppError not_found */
export async function getSidebar(ctx: Ctx, sidebar: string): Promise<Sidebar> {
  checkSidebar(sidebar);
  const pages = (await listPages(ctx.db, ctx.org)).filter(
    ({ document, permissions }) => isFolder(document) || mayReadPage(ctx.actor.person, permissions),
  );
  return {
    identifier: SIDEBAR,
    items: sidebarOrder(pages)
      .filter(({ document }) => document["type"] !== "entity" && document["type"] !== "home")
      .map(renderSidebarItem),
  };
}

function checkSidebar(sidebar: string): void {
  if (sidebar !== SIDEBAR) throw notFound("Sidebar", sidebar);
}

/** @throws AppError conflict when the identifier is taken; not_found, invalid_request */
export function createFolder(ctx: Ctx, sidebar: string, body: unknown): Promise<JsonObject> {
  checkSidebar(sidebar);
  const sent = objectOf(body);
  const document = parseFolderDocument(sent);
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    const { db, org } = inner;
    const identifier =
      sent["identifier"] === undefined || sent["identifier"] === null
        ? await freeIdentifier(inner, identifierOfTitle(textIn(document, "title") ?? ""))
        : checkPageIdentifier(sent["identifier"], "folder.identifier");
    if ((await readPage(db, org, identifier)) !== null || (await findPage(inner, identifier)) !== null)
      throw new AppError("conflict", `"${identifier}" is a page or folder already`);
    checkPlaceIn(await listPages(db, org), identifier, document, "folder");
    await insertPage(db, org, { identifier, blueprint: null, document, at: inner.now(), by: inner.actor.id });
    await appendAuditEvents(inner, [
      { kind: "folder", action: "CREATE", identifier, before: null, after: document },
    ]);
    return renderSidebarItem({ identifier, document });
  });
}

/** Each key that is sent. @throws AppError not_found, invalid_request */
export function changeFolder(
  ctx: Ctx,
  sidebar: string,
  identifier: string,
  body: unknown,
): Promise<JsonObject> {
  checkSidebar(sidebar);
  const sent = objectOf(body);
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    const before = await folderOf(inner, identifier);
    const document = parseFolderDocument({ ...before, ...sent });
    const others = (await listPages(inner.db, inner.org)).filter((page) => page.identifier !== identifier);
    checkPlaceIn(others, identifier, document, "folder");
    if (JSON.stringify(before) !== JSON.stringify(document)) await write(inner, identifier, before, document);
    return renderSidebarItem({ identifier, document });
  });
}

async function write(ctx: Ctx, identifier: string, before: JsonObject, document: JsonObject): Promise<void> {
  await updatePage(ctx.db, ctx.org, identifier, { identifier, document, at: ctx.now(), by: ctx.actor.id });
  const kind = isFolder(document) ? "folder" : "page";
  await appendAuditEvents(ctx, [{ kind, action: "UPDATE", identifier, before, after: document }]);
}

/** What stands in it moves to where it stood. @throws AppError not_found */
export function deleteFolder(ctx: Ctx, sidebar: string, identifier: string): Promise<void> {
  checkSidebar(sidebar);
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    const before = await folderOf(inner, identifier);
    await moveReferences(inner, identifier, null);
    await deletePage(inner.db, inner.org, identifier);
    await appendAuditEvents(inner, [{ kind: "folder", action: "DELETE", identifier, before, after: null }]);
  });
}

async function folderOf(ctx: Ctx, identifier: string): Promise<JsonObject> {
  const row = identifier.includes("\u0000") ? null : await readPage(ctx.db, ctx.org, identifier);
  if (row === null || !isFolder(row.document)) throw notFound("Folder", identifier);
  return row.document;
}

/**
 * Puts what is named into one folder (null: the top) in the order given, in one transaction. What stands there and is
 * not named comes after it.
 * @throws AppError not_found, invalid_request
 */
export function orderSidebar(ctx: Ctx, sidebar: string, body: unknown): Promise<Sidebar> {
  checkSidebar(sidebar);
  const { parent, items } = objectOf(body);
  if (parent !== null && typeof parent !== "string")
    throw invalid(`parent ${show(parent)} must be the identifier of a folder, or null`);
  if (!isStringArray(items) || new Set(items).size !== items.length)
    throw invalid("items must be a list of identifiers, each once");
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    const listed = await listPages(inner.db, inner.org);
    const all = new Map(listed.map((page) => [page.identifier, page]));
    const rest = sidebarOrder(listed)
      .filter(
        ({ identifier, document }) => textIn(document, "parent") === parent && !items.includes(identifier),
      )
      .map(({ identifier }) => identifier);
    const order = [...items, ...rest];
    for (const [i, identifier] of order.entries()) {
      const page = all.get(identifier);
      if (page === undefined) throw notFound("Page or folder", identifier);
      const after = order[i - 1] ?? null;
      if (textIn(page.document, "parent") === parent && textIn(page.document, "after") === after) continue;
      const document: JsonObject = { ...page.document, parent, after };
      all.delete(identifier);
      checkPlaceIn([...all.values()], identifier, document, `items[${i}]`);
      all.set(identifier, { ...page, document });
      await write(inner, identifier, page.document, document);
    }
    return getSidebar(inner, sidebar);
  });
}

function objectOf(body: unknown): JsonObject {
  if (!isObject(body)) throw invalid(`the body must be an object, not ${kindOf(body)}`);
  return body;
}
