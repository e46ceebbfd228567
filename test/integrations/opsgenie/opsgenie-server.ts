/**
 * Opsgenie as its public reference describes it: docs.opsgenie.com (Alert API v2: list with query, sort, offset; Incident
 * and Service API v1; Account API) and support.atlassian.com/opsgenie (Webhook integration). Fixtures are made here.
 */
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "genie-test0123456789";
const NOW = Date.now();
const ago = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const NAMES = ["Checkout", "pay-api", "unknown elsewhere"] as const;
const service = (n: number): Json => ({
  ...{ id: `s${n}`, name: NAMES[n - 1] ?? `service ${n}`, description: "", teamId: "t1", tags: ["gold"] },
  links: {
    web: `https://acme.app.opsgenie.com/service/s${n}`,
    api: `https://api.opsgenie.com/v1/services/s${n}`,
  },
});

/** One every thirty hours; the last three are open. The impact ends after ninety minutes. */
function incident(n: number, count: number): Json {
  const began = (count - n) * 30 + 40;
  const isOpen = n > count - 3;
  return {
    ...{
      id: `i${n}`,
      tinyId: String(n),
      message: `Incident ${n}`,
      description: "",
      priority: n % 2 === 0 ? "P1" : "P3",
    },
    ...{ status: isOpen ? "open" : n % 3 === 0 ? "closed" : "resolved", tags: ["hello"], ownerTeam: "t1" },
    ...{ createdAt: ago(began), updatedAt: ago(began - 2), impactStartDate: ago(began) },
    ...(!isOpen && n % 2 === 0 && { impactEndDate: ago(began - 1.5) }),
    ...{ impactedServices: [`s${(n % 3) + 1}`], responders: [{ type: "team", id: "t1" }] },
    ...{
      extraProperties: {},
      actions: [],
      links: { web: `https://acme.app.opsgenie.com/incident/detail/i${n}` },
    },
  };
}

function alert(n: number, count: number): Json {
  const began = (count - n) * 30 + 40;
  const isOpen = n > count - 3;
  return {
    ...{ id: `a${n}`, tinyId: String(n), alias: `a${n}`, message: `Alert ${n}`, source: "nagios" },
    ...{ status: isOpen ? "open" : "closed", acknowledged: n % 2 === 0, isSeen: true, snoozed: false },
    ...{ tags: ["service:Checkout"], priority: `P${(n % 3) + 1}`, count: 1, ownerTeamId: "t1" },
    ...{ createdAt: ago(began), updatedAt: ago(began - 2), lastOccurredAt: ago(began) },
    report: isOpen ? {} : { ackTime: 60_000, closeTime: 5_400_000, closedBy: "ada@acme.test" },
  };
}

export class OpsgenieServer implements Vendor {
  readonly lists: Record<string, Json[]> = {
    services: numbers(4).map(service),
    incidents: numbers(250).map((n) => incident(n, 250)),
    alerts: numbers(110).map((n) => alert(n, 110)),
  };

  settings(url: string): Record<string, string> {
    return { apiUrl: url, token: TOKEN, lookbackDays: "500" };
  }

  sign(secret: string): Record<string, string> {
    return { "x-fairway-secret": secret };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ headers }) => headers["authorization"] === `GenieKey ${TOKEN}`,
      { status: 401, body: { message: "Key format is not valid!", took: 0.001, requestId: "r" } },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query, origin }: Asked): Told {
    const common = { took: 0.01, requestId: "r" };
    if (path === "/v2/account") return { body: { data: { name: "acme", userCount: 3 }, ...common } };
    const [, version, kind = "", id] = path.split("/");
    const all = this.lists[kind];
    const missing: Told = { status: 404, body: { message: "No such thing exists", ...common } };
    if (all === undefined || version !== (kind === "alerts" ? "v2" : "v1")) return missing;
    if (id !== undefined) {
      const found = all.find((one) => one["id"] === id);
      return found === undefined ? missing : { body: { data: found, ...common } };
    }
    const [offset, limit] = [Number(query.get("offset") ?? 0), Number(query.get("limit") ?? 20)];
    if (limit > 100 || offset + limit > 20_000)
      return { status: 422, body: { message: "Request body is not processable.", ...common } };
    const after = /^createdAt > (\d+)$/.exec(query.get("query") ?? "")?.[1] ?? "0";
    const sort = query.get("sort") ?? "createdAt";
    const sign = query.get("order") === "asc" ? 1 : -1;
    const matching = all
      .filter((one) => kind === "services" || Date.parse(String(one["createdAt"])) > Number(after))
      .toSorted((a, b) => sign * String(a[sort]).localeCompare(String(b[sort])));
    const data = matching.slice(offset, offset + limit);
    const more = new URLSearchParams(query);
    more.set("offset", String(offset + limit));
    const next = offset + limit < matching.length ? { next: `${origin}${path}?${more.toString()}` } : {};
    return { body: { data, paging: { first: `${origin}${path}`, ...next }, ...common } };
  }

  live(): readonly SentEvent[] {
    const { incidents = [], alerts = [] } = this.lists;
    const event = (action: string, alertId: unknown, details: Json = {}): SentEvent => ({
      headers: { "content-type": "application/json" },
      body: {
        action,
        alert: {
          alertId,
          message: "as it was",
          tags: [],
          updatedAt: NOW * 1_000_000,
          details,
          priority: "P1",
        },
        source: { name: "", type: "api" },
        ...{ integrationId: "w1", integrationName: "Webhook", integrationType: "Webhook" },
      },
    });
    const open = incidents[249] as Json;
    Object.assign(open, { status: "resolved", impactEndDate: ago(1), updatedAt: ago(1) });
    incidents.push({ ...incident(250, 251), id: "i251", status: "open" });
    const [first] = alerts.splice(9, 1) as [Json];
    const [, second, third] = alerts as [Json, Json, Json];
    Object.assign(second, { priority: "P5", updatedAt: ago(1) });
    Object.assign(third, { message: "said otherwise", updatedAt: ago(1) });
    alerts.push({ ...alert(110, 111), id: "a111", priority: "P1" });
    return [
      event("Close", "a110", { "incident-id": open["id"], "incident-alert-type": "Owner" }),
      event("Acknowledge", "a110", { "incident-id": open["id"], "incident-alert-type": "Owner" }),
      event("Create", "a109", { "incident-id": "i251", "incident-alert-type": "Responder" }),
      event("Delete", first["id"]),
      event("AddNote", first["id"]),
      event("UpdatePriority", second["id"]),
      event("UpdateMessage", third["id"]),
      event("Create", "a111"),
    ];
  }

  vanish(): readonly string[] {
    const { incidents = [], services = [], alerts = [] } = this.lists;
    const [gone] = alerts.splice(
      alerts.findIndex((one) => one["id"] === "a60"),
      1,
    ) as [Json];
    incidents.splice(100, 2);
    services.splice(3, 1);
    return [
      "opsgenieIncident/i101",
      "opsgenieIncident/i102",
      "opsgenieService/s4",
      `opsgenieIncident/${String(gone["id"])}`,
    ];
  }
}
