/**
 * PagerDuty as its public reference describes it: developer.pagerduty.com/api-reference (users, services, on-calls,
 * incidents; classic pagination) and developer.pagerduty.com/docs/webhooks (v3 payloads and signatures). Fixtures are
 * made here; nothing is taken from anywhere.
 */
import { createHmac } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "pd-test0123456789";
const NOW = Date.now();
/** Hours ago; the reference has whole seconds. */
const ago = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString().replace(/\.\d+Z/, "Z");
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const HOST = "https://acme.pagerduty.com";

const user = (n: number): Json => ({
  ...{
    id: `PU${n}`,
    type: "user",
    name: `Person ${n}`,
    email: `p${n}@acme.test`,
    html_url: `${HOST}/users/PU${n}`,
  },
});
const service = (n: number): Json => ({
  ...{
    id: `PS${n}`,
    type: "service",
    name: `service ${n}`,
    status: "active",
    html_url: `${HOST}/services/PS${n}`,
  },
  ...{ created_at: ago(9000), updated_at: ago(9000) },
});
const oncall = (n: number): Json => ({
  user: { id: `PU${n}`, summary: `Person ${n}` },
  schedule: { id: "SC1", summary: "Weekdays" },
  escalation_policy: { id: "EP1", summary: "Default" },
  ...{ escalation_level: n, start: ago(10), end: ago(-10) },
});

/** One every thirty hours; the last ones are open. Resolved after ninety minutes. */
function incident(n: number, count: number): Json {
  const began = (count - n) * 30 + 40;
  const status = n > count - 3 ? "triggered" : "resolved";
  return {
    ...{
      id: `PI${n}`,
      type: "incident",
      incident_number: n,
      title: `Incident ${n}`,
      status,
      urgency: "high",
    },
    ...{
      created_at: ago(began),
      resolved_at: status === "resolved" ? ago(began - 1.5) : null,
      updated_at: ago(began - 2),
    },
    service: { id: `PS${(n % 4) + 1}`, type: "service_reference", summary: `service ${(n % 4) + 1}` },
    ...{ priority: n % 2 === 0 ? { summary: "P1" } : null, html_url: `${HOST}/incidents/PI${n}` },
  };
}

export class PagerdutyServer implements Vendor {
  readonly lists: Record<string, Json[]> = {
    users: numbers(5).map(user),
    services: numbers(6).map(service),
    oncalls: numbers(2).map(oncall),
    incidents: numbers(320).map((n) => incident(n, 320)),
  };

  settings(url: string): Record<string, string> {
    return { apiUrl: url, token: TOKEN, lookbackDays: "500" };
  }

  sign(secret: string, rawBody: string): Record<string, string> {
    const hex = createHmac("sha256", secret).update(rawBody).digest("hex");
    return { "x-pagerduty-signature": `v1=${"0".repeat(64)},v1=${hex}` };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ headers }) => headers["authorization"] === `Token token=${TOKEN}`,
      { status: 401, body: { error: { message: "Invalid credentials", code: 2006 } } },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query }: Asked): Told {
    const [, kind = "", id] = path.split("/");
    const all = this.lists[kind];
    const missing: Told = { status: 404, body: { error: { message: "Not Found", code: 2100 } } };
    if (all === undefined) return missing;
    if (id !== undefined) {
      const found = all.find((one) => one["id"] === id);
      return found === undefined ? missing : { body: { [kind.slice(0, -1)]: found } };
    }
    const [since, until] = [query.get("since"), query.get("until")].map((time) => Date.parse(time ?? ""));
    if (kind === "incidents" && !(Number(until) - Number(since) < 180 * 86_400_000))
      return { status: 400, body: { error: { message: "Invalid Input Provided", code: 2001 } } };
    const inside = all.filter((one) => {
      const created = Date.parse(String(one["created_at"]));
      return kind !== "incidents" || (created >= Number(since) && created < Number(until));
    });
    const limit = Number(query.get("limit") ?? 25);
    const offset = Number(query.get("offset") ?? 0);
    const page = inside.slice(offset, offset + limit);
    const more = offset + limit < inside.length;
    return {
      body: {
        [kind]: page,
        limit,
        offset,
        more,
        total: query.get("total") === "true" ? inside.length : null,
      },
    };
  }

  live(): readonly SentEvent[] {
    let sent = 0;
    const event = (type: string, data: Json): SentEvent => ({
      headers: { "content-type": "application/json" },
      body: {
        event: {
          id: `01E${(sent += 1)}`,
          event_type: type,
          resource_type: type.split(".")[0],
          occurred_at: ago(0),
          data,
        },
      },
    });
    const incidents = this.lists["incidents"] ?? [];
    const reference = (id: unknown): Json => ({ id, type: "incident" });
    const open = incidents[319] as Json;
    Object.assign(open, { status: "resolved", resolved_at: ago(1), updated_at: ago(1) });
    incidents.push({ ...incident(321, 322), id: "PI321", status: "acknowledged", resolved_at: null });
    const services = this.lists["services"] ?? [];
    services.push(service(9));
    Object.assign(services[0] as Json, { name: "renamed", updated_at: ago(1) });
    services.splice(5, 1);
    return [
      event("incident.resolved", reference(open["id"])),
      event("incident.acknowledged", reference(open["id"])),
      event("incident.annotated", { type: "incident_note", id: "N1", incident: reference(open["id"]) }),
      event("incident.acknowledged", reference("PI321")),
      event("incident.triggered", reference("PI321")),
      event("service.created", { id: "PS9", type: "service" }),
      event("service.updated", { id: "PS1", type: "service" }),
      event("service.deleted", { id: "PS6", type: "service" }),
      event("pagey.ping", { type: "ping" }),
    ];
  }

  vanish(): readonly string[] {
    this.lists["incidents"]?.splice(100, 2);
    this.lists["users"]?.splice(4, 1);
    this.lists["oncalls"]?.splice(1, 1);
    return [
      "pagerdutyIncident/PI101",
      "pagerdutyIncident/PI102",
      "pagerdutyUser/PU5",
      "pagerdutyOncall/EP1.2.SC1.PU2",
    ];
  }
}
