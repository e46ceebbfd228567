/** A write with `run_id` is taken only while that run is on its way (workflows.md §3.4). */
import { requireOpenRun } from "../automation/run-entities.ts";
import type { FairwayInstance, RouteDeps } from "./app-types.ts";
import { isIdentified } from "./auth.ts";

const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** Others have a `run_id` that means something else. */
const PATHS = /^\/v1\/(blueprints|entities)(\/|$|\?)/;

/** Call before the routes are added. */
export function requireOpenRuns(app: FairwayInstance, deps: RouteDeps): void {
  app.addHook("preHandler", async (request) => {
    if (!WRITES.has(request.method) || !PATHS.test(request.url) || !isIdentified(request)) return;
    if (/\/search(\?|$)/.test(request.url)) return;
    const ctx = deps.ctx(request);
    if (typeof ctx.runId === "string") await requireOpenRun(ctx, ctx.runId);
  });
}
