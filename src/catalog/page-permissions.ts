/** Reads and changes who may read and change pages (data-model.md §8.6). */
import { notFound } from "../model/error.ts";
import { sameJson } from "../model/json.ts";
import type { Page } from "../model/page.ts";
import {
  PAGE_DEFAULTS,
  type PagePermissions,
  patchPagePermissions,
  withPageNames,
} from "../model/page-permission.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { listPages, lockPage, writePagePermissions } from "../storage/pages.ts";
import { transact } from "../storage/transact.ts";
import { isPageIdentifier, readablePage } from "./pages.ts";

/** @throws AppError not_found; forbidden when the page itself may not be read */
export async function getPagePermissions(ctx: Ctx, identifier: string): Promise<PagePermissions> {
  return (await readablePage(ctx, identifier)).permissions ?? PAGE_DEFAULTS;
}

/** For administrators. @throws AppError not_found, invalid_request */
export function changePagePermissions(ctx: Ctx, identifier: string, body: unknown): Promise<PagePermissions> {
  return transact(ctx, async (inner) => {
    const page = isPageIdentifier(identifier) ? await lockPage(inner.db, inner.org, identifier) : null;
    if (page === null) throw notFound("Page", identifier);
    const before = page.permissions ?? PAGE_DEFAULTS;
    const after = patchPagePermissions(before, body);
    if (!sameJson(before, after)) await write(inner, page, before, after);
    return after;
  });
}

async function write(ctx: Ctx, page: Page, before: PagePermissions, after: PagePermissions): Promise<void> {
  await writePagePermissions(ctx.db, ctx.org, page.identifier, after);
  await appendAuditEvents(ctx, [
    { kind: "page_permissions", action: "UPDATE", identifier: page.identifier, before, after },
  ]);
}

/**
 * Inside the transaction that gives a team, or a role, another name, or takes teams or people away: the latter is a
 * change of who may read, and told in the audit log.
 */
export async function renameInPagePermissions(
  ctx: Ctx,
  list: "roles" | "teams" | "users",
  rename: (name: string) => string | null,
  isTold = false,
): Promise<void> {
  for (const page of await listPages(ctx.db, ctx.org)) {
    if (page.permissions === null) continue;
    const after = withPageNames(page.permissions, list, rename);
    if (sameJson(page.permissions, after)) continue;
    if (isTold) await write(ctx, page, page.permissions, after);
    else await writePagePermissions(ctx.db, ctx.org, page.identifier, after);
  }
}
