/**
 * FireHydrant as its public reference describes it: docs.firehydrant.com (API v1: incidents, services, ping; pagination
 * by number) and docs.firehydrant.com/docs/webhooks (payload and `fh-signature`). Fixtures are made here.
 */
import { createHmac } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "fhb-test0123456789";
const NOW = Date.now();
const ago = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const NAMES = ["Checkout", "pay-api", "Mail"] as const;
const service = (n: number): Json => ({
  ...{
    id: `fs${n}`,
    name: NAMES[n - 1] ?? `Service ${n}`,
    slug: `service-${n}`,
    description: null,
    labels: {},
  },
  ...{ service_tier: 1, created_at: ago(9000), updated_at: ago(9000), active_incidents: [] },
});

const milestone = (type: string, occurred_at: string): Json => ({
  ...{ id: `m-${type}`, type, occurred_at, created_at: occurred_at, duration: null },
});

/** One every thirty hours; the last three are active. Resolved after ninety minutes. */
function incident(n: number, count: number): Json {
  const began = (count - n) * 30 + 40;
  const active = n > count - 3;
  const of = (n % 3) + 1;
  return {
    ...{ id: `fi${n}`, number: n, name: `Incident ${n}`, description: null, summary: null, active },
    ...{ created_at: ago(began - 0.2), started_at: ago(began), discarded_at: null },
    current_milestone: active ? "investigating" : "postmortem_completed",
    milestones: [
      milestone("started", ago(began)),
      milestone("detected", ago(began - 0.2)),
      ...(active
        ? []
        : [milestone("resolved", ago(began - 1.5)), milestone("postmortem_completed", ago(began - 9))]),
    ],
    ...{ severity: "SEV1", priority: "P1", tag_list: ["db"], labels: {} },
    incident_url: `https://app.firehydrant.io/incidents/fi${n}`,
    services: [{ id: `fs${of}`, name: NAMES[of - 1] }],
    environments: [{ id: "fe1", name: "Production" }],
  };
}

export class FirehydrantServer implements Vendor {
  readonly lists: Record<string, Json[]> = {
    services: numbers(3).map(service),
    incidents: numbers(310).map((n) => incident(n, 310)),
  };

  settings(url: string): Record<string, string> {
    return { apiUrl: url, token: TOKEN, lookbackDays: "500" };
  }

  sign(secret: string, rawBody: string): Record<string, string> {
    return { "fh-signature": createHmac("sha256", secret).update(rawBody).digest("hex") };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ headers }) => headers["authorization"] === `Bearer ${TOKEN}`,
      { status: 401, body: { detail: "Unauthorized", messages: ["Unauthorized"] } },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query }: Asked): Told {
    if (path === "/v1/ping") return { body: { response: "pong", actor: { id: "b1", name: "fairway" } } };
    const [, , kind = "", id] = path.split("/");
    const all = this.lists[kind];
    const missing: Told = { status: 404, body: { detail: "Not found", messages: ["Not found"] } };
    if (all === undefined) return missing;
    if (id !== undefined) {
      const found = all.find((one) => one["id"] === id);
      return found === undefined ? missing : { body: found };
    }
    const created = query.get("created_at_or_after") ?? "";
    const matching = all.filter(
      (one) => (one["discarded_at"] ?? null) === null && String(one["created_at"]) >= created,
    );
    const [page, items] = [Number(query.get("page") ?? 1), Number(query.get("per_page") ?? 20)];
    const pages = Math.max(1, Math.ceil(matching.length / items));
    const pagination = {
      ...{ count: matching.length, page, items, pages, last: pages },
      ...{ prev: page > 1 ? page - 1 : null, next: page < pages ? page + 1 : null },
    };
    return { body: { data: matching.slice((page - 1) * items, page * items), pagination } };
  }

  live(): readonly SentEvent[] {
    const { incidents = [] } = this.lists;
    const event = (told: Json): SentEvent => ({
      headers: { "content-type": "application/json" },
      body: { data: told },
    });
    const open = incidents[309] as Json;
    const before = { ...open };
    Object.assign(open, {
      ...{ active: false, current_milestone: "resolved" },
      milestones: [...(open["milestones"] as Json[]), milestone("resolved", ago(1))],
    });
    const again = incidents[3] as Json;
    Object.assign(again, { active: true, current_milestone: "investigating" });
    const made = { ...incident(310, 311), id: "fi311", number: 311 };
    incidents.push(made);
    const archived = incidents[20] as Json;
    Object.assign(archived, { discarded_at: ago(1) });
    return [
      event({ incident: open }),
      event({ incident: before }),
      event({ incident: again }),
      event({ incident: archived }),
      event({ incident: { ...archived, discarded_at: null } }),
      event({ incident: { ...made, name: "as it was" } }),
      event({ change_event: { id: "c1" } }),
    ];
  }

  vanish(): readonly string[] {
    this.lists["incidents"]?.splice(100, 2);
    this.lists["services"]?.splice(2, 1);
    return ["firehydrantIncident/fi101", "firehydrantIncident/fi102", "firehydrantService/fs3"];
  }
}
