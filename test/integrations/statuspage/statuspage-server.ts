/**
 * Statuspage as its public reference describes it: developer.statuspage.io (API v1: pages, components, incidents; pages
 * by number) and support.atlassian.com/statuspage/docs/enable-webhook-notifications. Fixtures are made here.
 */
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "sp-test0123456789";
const NOW = Date.now();
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
/** Hours ago, in the time zone of the page. */
const ago = (hours: number): string =>
  new Date(NOW - (hours + 6) * 3_600_000).toISOString().replace("Z", "-06:00");

const NAMES = ["Checkout", "pay-api", "Mail", "All of it"] as const;
const component = (n: number): Json => ({
  ...{ id: `sc${n}`, page_id: "sp1", group_id: null, name: NAMES[n - 1] ?? `Component ${n}`, position: n },
  ...{
    description: null,
    status: "operational",
    group: n === 4,
    created_at: ago(9000),
    updated_at: ago(9000),
  },
});

/** One every thirty hours; every tenth was planned; the last three are open. Resolved after ninety minutes. */
function incident(n: number, count: number): Json {
  const began = (count - n) * 30 + 40;
  const isOpen = n > count - 3;
  const isPlanned = n % 10 === 0;
  const over = isPlanned ? "completed" : n % 2 === 0 ? "postmortem" : "resolved";
  return {
    ...{ id: `si${n}`, page_id: "sp1", name: `Incident ${n}`, impact: "major", impact_override: null },
    ...{ status: isOpen ? "investigating" : over, shortlink: `https://stspg.io/si${n}` },
    ...{ created_at: ago(began), started_at: n % 4 === 0 ? null : ago(began), updated_at: ago(began - 2) },
    ...{ monitoring_at: null, resolved_at: isOpen ? null : ago(began - 1.5), incident_updates: [] },
    scheduled_for: isPlanned ? ago(began) : null,
    scheduled_until: isPlanned ? ago(began - 1) : null,
    components: [component((n % 2) + 1)],
  };
}

export class StatuspageServer implements Vendor {
  readonly lists: Record<string, Json[]> = {
    components: numbers(4).map(component),
    incidents: numbers(305).map((n) => incident(n, 305)),
  };

  settings(url: string): Record<string, string> {
    return { apiUrl: url, token: TOKEN };
  }

  sign(): Record<string, string> {
    return {};
  }

  query(secret: string): string {
    return `?secret=${encodeURIComponent(secret)}`;
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ headers }) => headers["authorization"] === `OAuth ${TOKEN}`,
      { status: 401, body: { error: "Could not authenticate" } },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query }: Asked): Told {
    const page = { id: "sp1", name: "Acme", domain: null, url: "https://acme.statuspage.io", headline: null };
    const [, , , pageId, kind, id] = path.split("/");
    if (path === "/v1/pages") return { body: [page] };
    const missing: Told = { status: 404, body: { error: "Not found" } };
    const all = this.lists[kind ?? ""];
    if (pageId !== "sp1" || all === undefined) return missing;
    if (id !== undefined) {
      const found = all.find((one) => one["id"] === id);
      return found === undefined ? missing : { body: found };
    }
    const size = Number(query.get(kind === "incidents" ? "limit" : "per_page") ?? 100);
    const number = Number(query.get("page") ?? 1);
    // Incidents: the newest first.
    const sorted = kind === "incidents" ? all.toReversed() : all;
    return { body: sorted.slice((number - 1) * size, number * size) };
  }

  live(): readonly SentEvent[] {
    const { incidents = [], components = [] } = this.lists;
    const event = (told: Json, page = "sp1"): SentEvent => ({
      headers: { "content-type": "application/json" },
      body: {
        meta: { unsubscribe: "https://acme.statuspage.io/?unsubscribe=u", documentation: "https://doers" },
        page: { id: page, status_indicator: "major", status_description: "Partial System Outage" },
        ...told,
      },
    });
    const open = incidents[304] as Json;
    const before = { ...open };
    Object.assign(open, { status: "resolved", resolved_at: ago(1), updated_at: ago(1) });
    const made = { ...incident(305, 306), id: "si306" };
    incidents.push(made);
    const [gone] = incidents.splice(20, 1) as [Json];
    Object.assign(components[0] as Json, { status: "major_outage", updated_at: ago(1) });
    return [
      event({ incident: open }),
      event({ incident: before }),
      event({ incident: { ...made, name: "as it was" } }),
      event({ incident: gone }),
      event({
        component_update: {
          ...{ id: "cu1", component_id: "sc1", created_at: ago(1) },
          new_status: "major_outage",
        },
        component: { id: "sc1", name: "Checkout", status: "major_outage", created_at: ago(9000) },
      }),
      event({ incident: { id: "other" } }, "sp9"),
    ];
  }

  vanish(): readonly string[] {
    this.lists["incidents"]?.splice(100, 1);
    this.lists["incidents"]?.splice(7, 1);
    this.lists["components"]?.splice(2, 1);
    return ["statuspageIncident/si102", "statuspageIncident/si8", "statuspageComponent/sc3"];
  }
}
