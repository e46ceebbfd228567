/** Import runs: what an importer tells about its progress, shown live and used to continue. */
import { randomUUID } from "node:crypto";
import { notFound } from "../model/error.ts";
import { checkJson } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import {
  insertImportRun,
  type ImportRunRow,
  listImportRuns,
  updateImportRun,
} from "../storage/import-runs.ts";

interface Counts {
  commits?: number;
  deployments?: number;
  changes?: number;
}

/** As the API shows it; times are ISO. */
export interface ImportRunView {
  readonly id: string;
  readonly repository: string;
  readonly source: string;
  readonly services: string[];
  readonly options: unknown;
  readonly totals: Counts;
  readonly sent: Counts;
  readonly status: "running" | "completed" | "failed";
  readonly heads: string[] | null;
  readonly error: string | null;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
}

function view(row: ImportRunRow): ImportRunView {
  return {
    id: row.id,
    repository: row.repository,
    source: row.source,
    services: row.services,
    options: row.options,
    totals: row.totals,
    sent: row.sent,
    status: row.status as ImportRunView["status"],
    heads: row.heads,
    error: row.error,
    startedAt: row.started_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

export async function startImport(
  ctx: Ctx,
  input: {
    repository: string;
    source: string;
    services: string[];
    options?: Record<string, unknown>;
    totals?: Counts;
  },
): Promise<ImportRunView> {
  checkJson(input, "body");
  const row = await insertImportRun(ctx.db, {
    org: ctx.org,
    id: `imp_${randomUUID()}`,
    repository: input.repository,
    source: input.source,
    services: input.services,
    options: input.options ?? {},
    totals: { ...input.totals },
    now: ctx.now(),
  });
  return view(row);
}

export async function reportImport(
  ctx: Ctx,
  id: string,
  input: {
    sent?: Counts;
    totals?: Counts;
    status?: ImportRunView["status"];
    heads?: string[];
    error?: string | null;
  },
): Promise<ImportRunView> {
  checkJson(id, "id");
  checkJson(input, "body");
  const row = await updateImportRun(ctx.db, ctx.org, id, {
    sent: { ...input.sent },
    totals: { ...input.totals },
    status: input.status ?? null,
    heads: input.heads ?? null,
    error: input.error ?? null,
    now: ctx.now(),
  });
  if (row === undefined) throw notFound("import", id);
  return view(row);
}

export async function listImports(
  ctx: Ctx,
  filter: { repository?: string; status?: string; limit?: number },
): Promise<ImportRunView[]> {
  checkJson(filter, "query");
  const rows = await listImportRuns(ctx.db, ctx.org, {
    repository: filter.repository ?? null,
    status: filter.status ?? null,
    limit: filter.limit ?? 20,
  });
  return rows.map(view);
}
