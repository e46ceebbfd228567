import { AppError } from "../../model/error.ts";
import { sightOf } from "../../catalog/sight.ts";
import { doraStatus } from "../../metrics/dora/status.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

export interface DemoState {
  readonly status: "none" | "running" | "completed" | "failed";
  /** 0..1 */
  readonly progress: number;
}

export interface SetupDeps extends RouteDeps {
  readonly demo: () => DemoState;
  /** Starts loading demo data in the background. */
  readonly startDemo: () => void;
}

/** First run: what is there, and how to get data in. */
export function setupRoutes(app: FairwayInstance, deps: SetupDeps): void {
  app.get(
    "/v1/setup",
    {
      config: { access: "member", contract: "fairway" },
      schema: { tags: ["System"], summary: "What the start page shows: counts, demo data, import command" },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { counts } = await doraStatus(ctx, null);
      const empty = counts.services + counts.deployments + counts.changes + counts.commits === 0;
      const sight = await sightOf(ctx);
      return {
        ok: true,
        empty,
        counts: sight === null ? counts : (await doraStatus(ctx, sight)).counts,
        importCommand: "npx fairway import git PATH",
        demo: { available: empty, ...deps.demo() },
      };
    },
  );

  app.post(
    "/v1/demo",
    {
      config: { access: "admin", contract: "fairway" },
      schema: { tags: ["System"], summary: "Fill an empty portal with demo data" },
    },
    async (request, reply) => {
      const { counts } = await doraStatus(deps.ctx(request), null);
      if (deps.demo().status === "running")
        throw new AppError("conflict", "demo data is being loaded already");
      if (counts.services + counts.deployments + counts.changes + counts.commits > 0)
        throw new AppError("conflict", "demo data goes into an empty portal only; this one has data");
      deps.startDemo();
      return reply.code(202).send({ ok: true });
    },
  );
}
