import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { FairwayInstance } from "../app-types.ts";

export interface Readiness {
  readonly database: boolean;
  readonly migrations: boolean;
  readonly worker: boolean;
}

export interface SystemDeps {
  readonly readiness: () => Promise<Readiness>;
  /** Jobs waiting or running, by queue. */
  readonly pendingJobs: () => Promise<ReadonlyMap<string, number>>;
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
      const ready = state.database && state.migrations && state.worker;
      return reply.code(ready ? 200 : 503).send({ ok: ready, ...state });
    },
  );

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: "fairway_http_request_duration_seconds",
    help: "Duration of HTTP requests by route and status",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const jobs = new Gauge({
    name: "fairway_jobs_pending",
    help: "Background jobs waiting or running, by queue",
    labelNames: ["queue"],
    registers: [registry],
    async collect() {
      this.reset();
      for (const [queue, n] of await deps.pendingJobs()) this.set({ queue }, n);
    },
  });
  void jobs;
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unmatched";
    duration.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
    done();
  });
  app.get(
    "/metrics",
    { config: { access: "member", contract: "fairway" }, schema: { hide: true } },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
