/**
 * ServiceNow as its public reference describes it: docs.servicenow.com (REST API: Table API with sysparm_query,
 * sysparm_display_value=all, Link and X-Total-Count; inbound rate limits). Events are what the business rule of
 * docs/connectors.md sends. Fixtures are made here; nothing is taken from anywhere.
 */
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, startVendor, type Told } from "../vendor-server.ts";

const NOW = Date.now();
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
/** Hours ago, as values of times are written. */
const ago = (hours: number): string =>
  new Date(NOW - hours * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
const id = (letter: string, n: number): string => `${letter}${String(n).padStart(31, "0")}`;

type Row = Record<string, string | readonly [value: string, display: string]>;

const SERVICES = ["Checkout", "pay-api", "Mail"] as const;
const service = (n: number): Row => ({
  ...{ sys_id: id("5", n), name: SERVICES[n - 1] ?? `Service ${n}`, short_description: "" },
  ...{
    operational_status: ["1", "Operational"],
    busines_criticality: ["1 - most critical", "1 - most critical"],
  },
  ...{ owned_by: "", sys_created_on: ago(9000), sys_updated_on: ago(9000), sys_mod_count: "1" },
});
const serviceOf = (n: number): readonly [string, string] => [id("5", n), SERVICES[n - 1] ?? ""];

/** One every thirty hours; the last three are open. Resolved after ninety minutes, closed a week later. */
function incident(n: number, count: number): Row {
  const began = (count - n) * 30 + 200;
  const isOpen = n > count - 3;
  const state = isOpen
    ? ["2", "In Progress"]
    : n % 9 === 0
      ? ["8", "Canceled"]
      : n % 2 === 0
        ? ["7", "Closed"]
        : ["6", "Resolved"];
  return {
    ...{ sys_id: id("1", n), number: `INC${String(n).padStart(7, "0")}`, short_description: `Incident ${n}` },
    ...{ state: state as [string, string], priority: ["2", "2 - High"], severity: ["1", "1 - High"] },
    ...{ urgency: ["1", "1 - High"], impact: ["1", "1 - High"], category: ["software", "Software"] },
    ...{
      opened_at: ago(began),
      sys_created_on: ago(began),
      sys_updated_on: ago(began - 2),
      sys_mod_count: "4",
    },
    ...{
      resolved_at: isOpen ? "" : ago(began - 1.5),
      closed_at: n % 2 === 0 && !isOpen ? ago(began - 168) : "",
    },
    ...{ cmdb_ci: n % 3 === 0 ? ["9".repeat(32), "pay-api"] : "", business_service: serviceOf(1) },
    ...{ caused_by: n === 10 ? [id("2", 1), "CHG0000001"] : "", assignment_group: ["g1", "Operations"] },
    reopen_count: "0",
  };
}

const CODES = ["successful", "successful_issues", "unsuccessful", ""] as const;
function change(n: number, count: number): Row {
  const began = (count - n) * 60 + 200;
  const code = CODES[(n - 1) % 4] ?? "";
  return {
    ...{ sys_id: id("2", n), number: `CHG${String(n).padStart(7, "0")}`, short_description: `Change ${n}` },
    ...{ type: n % 5 === 0 ? ["emergency", "Emergency"] : ["normal", "Normal"], risk: ["3", "Moderate"] },
    ...{ state: code === "" ? ["4", "Canceled"] : ["3", "Closed"], close_code: [code, code] },
    ...{
      start_date: ago(began + 3),
      end_date: ago(began),
      work_start: ago(began + 2),
      work_end: ago(began + 1),
    },
    ...{
      closed_at: ago(began),
      sys_created_on: ago(began + 5),
      sys_updated_on: ago(began),
      sys_mod_count: "7",
    },
    ...{ cmdb_ci: "", business_service: serviceOf(2), assignment_group: ["g1", "Operations"] },
  };
}

const valueOf = (row: Row, field: string): string => [row[field] ?? ""].flat()[0] ?? "";

export class ServicenowServer implements Vendor {
  readonly tables: Record<string, Row[]> = {
    cmdb_ci_service: numbers(3).map(service),
    change_request: numbers(40).map((n) => change(n, 40)),
    incident: numbers(280).map((n) => incident(n, 280)),
  };

  settings(url: string): Record<string, string> {
    return { baseUrl: url, username: "fairway", password: "sn-test0123456789", lookbackDays: "500" };
  }

  sign(secret: string): Record<string, string> {
    return { authorization: `Basic ${Buffer.from(`servicenow:${secret}`).toString("base64")}` };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    const basic = `Basic ${Buffer.from("fairway:sn-test0123456789").toString("base64")}`;
    const error = { message: "User Not Authenticated", detail: "Required to provide Auth information" };
    return startVendor(
      ({ headers }) => headers["authorization"] === basic,
      { status: 401, body: { error, status: "failure" } },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query, origin }: Asked): Told {
    const rows = this.tables[path.replace("/api/now/table/", "")];
    if (rows === undefined)
      return { status: 400, body: { error: { message: "Invalid table" }, status: "failure" } };
    const terms = (query.get("sysparm_query") ?? "").split("^").filter((term) => !term.startsWith("ORDERBY"));
    const matching = rows.filter((row) =>
      terms.every((term) => {
        const [, field = "", operator, value = ""] = /^([a-z_]+)(>=|=)(.*)$/.exec(term) ?? [];
        const own = valueOf(row, field);
        return operator === ">=" ? own >= value : operator === "=" ? own === value : term === "";
      }),
    );
    const offset = Number(query.get("sysparm_offset") ?? 0);
    const limit = Number(query.get("sysparm_limit") ?? 10_000);
    const fields = (query.get("sysparm_fields") ?? "").split(",");
    const result = matching.slice(offset, offset + limit).map((row) =>
      Object.fromEntries(
        fields.map((field) => {
          const [value = "", display] = [row[field] ?? ""].flat();
          return [field, { display_value: display ?? value, value }];
        }),
      ),
    );
    const next = new URLSearchParams(query);
    next.set("sysparm_offset", String(offset + limit));
    const link =
      offset + limit < matching.length ? { link: `<${origin}${path}?${next.toString()}>;rel="next"` } : {};
    return { headers: { "x-total-count": String(matching.length), ...link }, body: { result } };
  }

  live(): readonly SentEvent[] {
    const {
      incident: incidents = [],
      change_request: changes = [],
      cmdb_ci_service: services = [],
    } = this.tables;
    const event = (table: string, operation: string, row: Row): SentEvent => ({
      headers: { "content-type": "application/json" },
      body: {
        ...{ table, operation, sys_id: row["sys_id"] },
        ...{ sys_updated_on: row["sys_updated_on"], sys_mod_count: row["sys_mod_count"] },
      },
    });
    const open = incidents[279] as Row;
    const before = { ...open };
    Object.assign(open, {
      state: ["6", "Resolved"],
      resolved_at: ago(1),
      sys_updated_on: ago(1),
      sys_mod_count: "5",
    });
    // Opened again: the time of its resolution is left.
    const again = incidents[3] as Row;
    Object.assign(again, { state: ["2", "In Progress"], sys_updated_on: ago(1), sys_mod_count: "9" });
    const made: Row = { ...incident(280, 281), sys_id: id("1", 281), number: "INC0000281" };
    incidents.push(made);
    const [gone] = incidents.splice(20, 1) as [Row];
    const closed = changes[3] as Row;
    Object.assign(closed, {
      state: ["3", "Closed"],
      close_code: ["unsuccessful", "Unsuccessful"],
      sys_mod_count: "8",
    });
    services.push({ ...service(4), name: "Search" });
    return [
      event("incident", "update", open),
      event("incident", "update", before),
      event("incident", "update", again),
      event("incident", "update", made),
      event("incident", "insert", made),
      event("incident", "delete", gone),
      event("incident", "update", gone),
      event("change_request", "update", closed),
      event("cmdb_ci_service", "insert", services[3] as Row),
      event("sys_user_group", "insert", { sys_id: "g9" }),
    ];
  }

  vanish(): readonly string[] {
    const {
      incident: incidents = [],
      change_request: changes = [],
      cmdb_ci_service: services = [],
    } = this.tables;
    const gone = incidents.splice(100, 2).map((row) => `serviceNowIncident/${valueOf(row, "number")}`);
    const [dropped] = changes.splice(8, 1) as [Row];
    services.splice(3, 1);
    const number = valueOf(dropped, "number");
    return [...gone, `serviceNowChange/${number}`, `deployment/${number}`, `serviceNowService/${id("5", 4)}`];
  }
}
