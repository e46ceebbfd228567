/** Is it alive, is it ready, how is it doing: for orchestrators and Prometheus. */
import type { FairwayInstance } from "../app-types.ts";
import type { Meters } from "../meters.ts";

export interface Readiness {
  readonly database: boolean;
  readonly migrations: boolean;
  readonly worker: boolean;
  /** false: it was told to end, and answers only until everybody has heard of it. */
  readonly stays: boolean;
}

export interface SystemDeps {
  readonly readiness: () => Promise<Readiness>;
  readonly meters: Meters;
}

export function systemRoutes(app: FairwayInstance, deps: SystemDeps): void {
  app.get("/healthz", { config: { access: "public", contract: "fairway" }, schema: { hide: true } }, () => ({
    ok: true,
  }));

  app.get(
    "/readyz",
    { config: { access: "public", contract: "fairway" }, schema: { hide: true } },
    async (_request, reply) => {
      const state = await deps.readiness();
      const ready = state.database && state.migrations && state.worker && state.stays;
      return reply.code(ready ? 200 : 503).send({ ok: ready, ...state });
    },
  );

  deps.meters.watchRequests(app);
  app.get(
    "/metrics",
    { config: { access: "metrics", contract: "fairway" }, schema: { hide: true } },
    async (_request, reply) => reply.type(deps.meters.contentType).send(await deps.meters.text()),
  );
}
