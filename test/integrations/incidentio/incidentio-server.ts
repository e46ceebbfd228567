/**
 * incident.io as its public reference describes it: api-docs.incident.io (Incidents V2: list with `after` and date
 * filters, show; Utilities V1: identity; Webhooks, signed by Svix). Fixtures are made here; nothing is taken from
 * anywhere.
 */
import { createHash, createHmac } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "inc-test0123456789";
const NOW = Date.now();
const ago = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const stamp = (name: string, value: string | null): Json => ({
  incident_timestamp: { id: `ts-${name}`, name, rank: 1 },
  value: value === null ? null : { value },
});

/** One every twenty hours; the last three are live. Resolved after ninety minutes. */
function incident(n: number, count: number): Json {
  const began = (count - n) * 20 + 40;
  const isLive = n > count - 3;
  const category = isLive ? "live" : n % 10 === 0 ? "declined" : "closed";
  return {
    ...{ id: `01INC${String(n).padStart(6, "0")}`, reference: `INC-${n}`, name: `Incident ${n}` },
    ...{ mode: "standard", visibility: "public", summary: "Something broke", has_debrief: false },
    permalink: `https://app.incident.io/acme/incidents/${n}`,
    ...{ created_at: ago(began - 0.1), updated_at: ago(began - 2) },
    severity: { id: "sev1", name: n % 2 === 0 ? "Major" : "Minor", rank: 2 },
    incident_status: { id: `st-${category}`, name: isLive ? "Fixing" : "Closed", category, rank: 3 },
    incident_type: { id: "ty1", name: "Production" },
    incident_timestamp_values: [
      stamp("Reported at", ago(began - 0.1)),
      stamp("Impact started at", n % 5 === 0 ? null : ago(began)),
      stamp("Resolved at", isLive ? null : ago(began - 1.5)),
      stamp("Closed at", isLive ? null : ago(began - 2)),
    ],
    custom_field_entries: [
      {
        custom_field: { id: "cf1", name: "Affected services", field_type: "multi_select", options: [] },
        values: [
          n % 3 === 0
            ? { value_catalog_entry: { id: "ce1", name: "pay-api", external_id: "pay", aliases: [] } }
            : { value_option: { id: "o1", value: "Checkout", sort_key: 10, custom_field_id: "cf1" } },
        ],
      },
      {
        custom_field: { id: "cf2", name: "Affected team", field_type: "text", options: [] },
        values: [{ value_text: "Checkout" }],
      },
    ],
    ...{ incident_role_assignments: [], duration_metrics: [], slack_channel_id: "C1", slack_team_id: "T1" },
  };
}

export class IncidentioServer implements Vendor {
  readonly incidents: Json[] = numbers(310).map((n) => incident(n, 310));

  settings(url: string): Record<string, string> {
    return { apiUrl: url, token: TOKEN, lookbackDays: "500" };
  }

  /** By Svix: the bytes of the secret are base64; several signatures while it is being changed. */
  sign(secret: string, rawBody: string): Record<string, string> {
    const id = `msg_${createHash("sha256").update(rawBody).digest("hex").slice(0, 20)}`;
    const time = String(Math.floor(NOW / 1000));
    const mac = createHmac("sha256", Buffer.from(secret, "base64")).update(`${id}.${time}.${rawBody}`);
    return {
      ...{ "webhook-id": id, "webhook-timestamp": time },
      "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")} v1,${mac.digest("base64")}`,
    };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ headers }) => headers["authorization"] === `Bearer ${TOKEN}`,
      {
        status: 401,
        body: { type: "authentication_error", status: 401, errors: [{ message: "Invalid key" }] },
      },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query }: Asked): Told {
    if (path === "/v1/identity") return { body: { identity: { name: "fairway", roles: ["viewer"] } } };
    const [, version, kind, id] = path.split("/");
    const missing: Told = { status: 404, body: { type: "not_found", status: 404, errors: [] } };
    if (version !== "v2" || kind !== "incidents") return missing;
    if (id !== undefined) {
      const found = this.incidents.find((one) => one["id"] === id);
      return found === undefined ? missing : { body: { incident: found } };
    }
    const size = Number(query.get("page_size") ?? 25);
    if (size > 250) return { status: 422, body: { type: "validation_error", status: 422, errors: [] } };
    const [created = "", updated = ""] = ["created_at[gte]", "updated_at[gte]"].map(
      (name) => query.get(name) ?? "",
    );
    const matching = this.incidents.filter(
      (one) => String(one["created_at"]) >= created && String(one["updated_at"]) >= updated,
    );
    const start = matching.findIndex((one) => one["id"] === query.get("after")) + 1;
    const incidents = matching.slice(start, start + size);
    const after = start + size < matching.length ? { after: incidents.at(-1)?.["id"] } : {};
    return {
      body: {
        incidents,
        pagination_meta: { ...after, page_size: size, total_record_count: matching.length },
      },
    };
  }

  live(): readonly SentEvent[] {
    const event = (type: string, payload: Json): SentEvent => ({
      headers: { "content-type": "application/json" },
      body: { event_type: type, [type]: payload },
    });
    const open = this.incidents[309] as Json;
    const before = { ...open };
    Object.assign(open, {
      incident_status: { id: "st-closed", name: "Closed", category: "closed", rank: 9 },
      incident_timestamp_values: [stamp("Reported at", ago(40)), stamp("Fixed at", ago(1))],
      updated_at: ago(1),
    });
    const again = this.incidents[5] as Json;
    Object.assign(again, {
      incident_status: { id: "st-live", name: "Fixing", category: "live", rank: 3 },
      updated_at: ago(1),
    });
    const made = { ...incident(310, 311), id: "01INC000311", reference: "INC-311" };
    this.incidents.push(made);
    // It became private, and the key may not see it.
    const [hidden] = this.incidents.splice(30, 1) as [Json];
    return [
      event("public_incident.incident_status_updated_v2", { incident: before, message: "", new_status: {} }),
      event("public_incident.incident_updated_v2", before),
      event("public_incident.incident_updated_v2", again),
      event("private_incident.incident_updated_v2", { id: hidden["id"] }),
      event("public_incident.incident_updated_v2", hidden),
      event("public_incident.incident_updated_v2", made),
      event("public_incident.incident_created_v2", made),
      event("public_incident.follow_up_created_v2", { id: "01FU", incident_id: made["id"] }),
    ];
  }

  vanish(): readonly string[] {
    const gone = this.incidents.splice(100, 2);
    return gone.map((one) => `incidentioIncident/${String(one["id"])}`);
  }
}
