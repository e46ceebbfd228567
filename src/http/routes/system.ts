import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { FairwayInstance } from "../app-types.ts";

export interface Readiness {
  readonly database: boolean;
  readonly migrations: boolean;
  readonly worker: boolean;
}

interface DerivationNumbers {
  readonly waiting: number;
  readonly rebuilding: number;
  readonly drift: number | null;
}

const DERIVATION: readonly (readonly [string, string, (of: DerivationNumbers) => number])[] = [
  [
    "fairway_derivation_pending",
    "Changes and entities that wait for derived values, each counted up to a thousand; 0: settled",
    ({ waiting }) => waiting,
  ],
  [
    "fairway_derivation_rebuilding",
    "Groups of definitions of derived properties that are being applied to stored entities",
    ({ rebuilding }) => rebuilding,
  ],
  [
    "fairway_derivation_drift",
    "Derived values that the last comparison with values computed from scratch found wrong; must stay 0",
    ({ drift }) => drift ?? 0,
  ],
];

export interface SystemDeps {
  readonly readiness: () => Promise<Readiness>;
  /** Jobs waiting or running, by queue. */
  readonly pendingJobs: () => Promise<ReadonlyMap<string, number>>;
  /** Entities that wait for derived values, definitions being applied, and values that a check found wrong. */
  readonly derivation: () => Promise<DerivationNumbers>;
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
  for (const [name, help, value] of DERIVATION) {
    const gauge = new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        gauge.set(value(await deps.derivation()));
      },
    });
  }
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
