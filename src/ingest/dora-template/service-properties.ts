/**
 * Numbers of the last thirty days as ordinary properties of services: by the time of the events, over one window for all of
 * them, and no division by zero. They count by status; what the DORA page shows knows incidents, rollbacks and fixes too.
 */
import type { Role, RoleField, Roles, RoleSource } from "../../model/dora-roles.ts";
import type { JsonObject } from "../../model/json.ts";

/** Beside DORA's change failure rate, which also knows incidents, rollbacks and fixes. */
export const WITH_FAILED_STATUS = "Deployments with status failed";
/** Beside DORA's mean time to recovery, which is none while one is open. */
export const RESOLVED_MEAN = "Incidents start to end, mean";

/** Units: pages tell them beside the value, by the name of the property; who reads numbers alone finds them here. */
const [HOURS, MINUTES, PERCENT] = ["In hours.", "In minutes.", "In percent."] as const;

/** What a source is counted by, for a dashboard. */
export type Counted =
  | {
      readonly role: "deployment";
      readonly blueprint: string;
      /** When they finished, and how they ended. */
      readonly time: string;
      readonly status: string;
      readonly succeeded: JsonObject;
      readonly failed: JsonObject;
    }
  | {
      readonly role: "change" | "incident";
      readonly blueprint: string;
      readonly time: string;
      readonly all: JsonObject;
    };

/** Added to the blueprint of services, and to those of changes and incidents. */
export interface Computed {
  readonly service: JsonObject;
  /** By blueprint. */
  readonly calculations: ReadonlyMap<string, JsonObject>;
  readonly counted: readonly Counted[];
  /** Sources that cannot be counted so, and why. */
  readonly skipped: readonly { readonly blueprint: string; readonly reason: string }[];
}

/** Seconds of a date-time in any zone, as jq. */
const SECONDS = `capture("^(?<d>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<t>[0-9]{2}:[0-9]{2}:[0-9]{2})([.][0-9]+)?(?<z>[Zz]|[+-][0-9]{2}:?[0-9]{2})$") | (.d + "T" + .t + "Z" | fromdateiso8601) - (if (.z | length) == 1 then 0 else (.z[1:3] | tonumber) * 3600 * (if .z[0:1] == "-" then -1 else 1 end) + (.z[-2:] | tonumber) * 60 * (if .z[0:1] == "-" then -1 else 1 end) end)`;

/** Null unless both are there, and in order. */
const span = (from: string, to: string, seconds: number): string =>
  `(${from}) as $from | (${to}) as $to | if $from == null or $to == null then null else (($to | ${SECONDS}) - ($from | ${SECONDS})) as $s | if $s < 0 then null else ($s / ${seconds / 100} | round) / 100 end end`;

const propertyOf = (field: RoleField | undefined): string | null =>
  typeof field === "string" && field.startsWith("properties.") ? field.slice("properties.".length) : null;
const read = (property: string): string => `.properties[${JSON.stringify(property)}]`;

const WORDS = {
  success: ["success", "succeeded"],
  failure: ["failed", "failure", "error"],
} as const;

/** How a source writes success or failure: its own words, and those that every source may use. */
function wordsOf(
  source: RoleSource,
  status: keyof typeof WORDS,
  allowed: readonly unknown[] | null,
): string[] {
  const own = Object.entries(source.values?.["status"] ?? {});
  const words = [
    ...own.filter(([, mapped]) => mapped.toLowerCase() === status).map(([word]) => word),
    ...WORDS[status].flatMap((word) => [
      word,
      word.charAt(0).toUpperCase() + word.slice(1),
      word.toUpperCase(),
    ]),
  ];
  const others = new Set(own.filter(([, mapped]) => mapped.toLowerCase() !== status).map(([word]) => word));
  return [...new Set(words)].filter((word) => !others.has(word) && allowed?.includes(word) !== false);
}

const rule = (property: string, operator: string, value: unknown): JsonObject => ({
  property,
  operator,
  value,
});
const inLastMonth = (property: string): JsonObject => rule(property, "between", { preset: "lastMonth" });
const all = (...rules: JsonObject[]): JsonObject => ({ combinator: "and", rules });
const count = (title: string, target: string, query: JsonObject): JsonObject => ({
  ...{ title, target, query, calculationSpec: { calculationBy: "entities", func: "count" } },
});

export interface ComputedInput {
  readonly roles: Roles;
  readonly service: string;
  readonly productionEnvironments: readonly string[];
  /** Values that a property of a blueprint is limited to; null: any. */
  readonly enumOf: (blueprint: string, property: string) => readonly unknown[] | null;
}

export function computedProperties(input: ComputedInput): Computed {
  const { roles } = input;
  const aggregations: Record<string, JsonObject> = {};
  const calculations = new Map<string, JsonObject>();
  const skipped: { blueprint: string; reason: string }[] = [];
  const counted: Counted[] = [];
  const [succeeded, failed, ever]: [string[], string[], string[]] = [[], [], []];

  /** The first source of a role has the plain name. */
  const named = (role: Role, id: string, blueprint: string): string =>
    roles[role][0]?.blueprint === blueprint ? id : `${id}_${blueprint}`;
  const isLinked = (source: RoleSource): boolean => {
    const link = source.fields["service"] ?? source.fields["services"];
    if (typeof link === "string" && link.startsWith("relations.") && source.query === undefined) return true;
    const reason =
      source.query === undefined
        ? "it names its service by a property, and aggregations follow relations"
        : "its role has a query";
    skipped.push({ blueprint: source.blueprint, reason });
    return false;
  };

  for (const source of roles.deployment.filter(isLinked)) {
    const { blueprint, fields } = source;
    const finished = propertyOf(fields["finished"]);
    const status = propertyOf(fields["status"]);
    const environment = propertyOf(fields["environment"]);
    if (finished === null || status === null) {
      skipped.push({ blueprint, reason: "its time or its status is an expression" });
      continue;
    }
    const inProduction =
      environment === null ? [] : [rule(environment, "in", [...input.productionEnvironments])];
    const where = (which: keyof typeof WORDS): JsonObject =>
      all(
        inLastMonth(finished),
        rule(status, "in", wordsOf(source, which, input.enumOf(blueprint, status))),
        ...inProduction,
      );
    const good = named("deployment", "dora_deployments", blueprint);
    const bad = named("deployment", "dora_failed_deployments", blueprint);
    const any = named("deployment", "dora_deployments_ever", blueprint);
    aggregations[good] = count("Deployments (30 days)", blueprint, where("success"));
    aggregations[bad] = count(`${WITH_FAILED_STATUS} (30 days)`, blueprint, where("failure"));
    aggregations[any] = count("Deployments (all time)", blueprint, all(...inProduction));
    counted.push({
      ...{ role: "deployment", blueprint, time: finished, status },
      ...{ succeeded: where("success"), failed: where("failure") },
    });
    succeeded.push(good);
    failed.push(bad);
    ever.push(any);
  }
  for (const source of roles.change.filter(isLinked)) {
    const { blueprint, fields } = source;
    const merged = propertyOf(fields["merged"]);
    const starts = [propertyOf(fields["firstCommit"]), propertyOf(fields["opened"])].filter(
      (one) => one !== null,
    );
    if (merged === null || starts.length === 0) {
      skipped.push({ blueprint, reason: "when its changes begin or merge is an expression, or not told" });
      continue;
    }
    calculations.set(blueprint, {
      dora_merge_hours: {
        ...{ title: "First commit or opening to merge", description: HOURS, type: "number" },
        calculation: span(starts.map(read).join(" // "), read(merged), 3600),
      },
    });
    counted.push({ role: "change", blueprint, time: merged, all: all(inLastMonth(merged)) });
    aggregations[named("change", "dora_merge_hours", blueprint)] = {
      ...{ title: "First commit to merge, median (30 days)", description: HOURS, target: blueprint },
      query: all(inLastMonth(merged)),
      calculationSpec: { calculationBy: "property", func: "median", property: "dora_merge_hours" },
    };
  }
  for (const source of roles.incident.filter(isLinked)) {
    const { blueprint, fields } = source;
    const started = propertyOf(fields["started"]);
    const resolved = propertyOf(fields["resolved"]);
    if (started === null || resolved === null) {
      skipped.push({ blueprint, reason: "when its incidents start or end is an expression, or not told" });
      continue;
    }
    calculations.set(blueprint, {
      dora_recovery_minutes: {
        ...{ title: "Start to end", description: MINUTES, type: "number" },
        calculation: span(read(started), read(resolved), 60),
      },
    });
    const started30 = all(inLastMonth(started));
    counted.push({ role: "incident", blueprint, time: started, all: started30 });
    aggregations[named("incident", "dora_incidents", blueprint)] = count(
      "Incidents (30 days)",
      blueprint,
      started30,
    );
    aggregations[named("incident", "dora_recovery_minutes", blueprint)] = {
      ...{ title: `${RESOLVED_MEAN} (30 days)`, description: MINUTES },
      ...{ target: blueprint, query: started30 },
      calculationSpec: {
        ...{ calculationBy: "property", func: "average", averageOf: "total" },
        ...{ property: "dora_recovery_minutes", measureTimeBy: started },
      },
    };
  }
  const sum = (ids: readonly string[]): string => `([${ids.map(read).join(", ")}] | map(. // 0) | add)`;
  const numbers: Record<string, JsonObject> = {};
  if (succeeded.length > 0) {
    numbers["dora_deployments_per_week"] = {
      ...{ title: "Deployments per week (30 days)", type: "number" },
      // Nobody who never deployed deploys slowly.
      calculation: `if ${sum(ever)} == 0 then null else ${sum(succeeded)} * 7 / 30 * 100 | round / 100 end`,
    };
    numbers["dora_failure_percent"] = {
      ...{ title: `${WITH_FAILED_STATUS}, share (30 days)`, description: PERCENT, type: "number" },
      calculation: `${sum(failed)} as $failed | (${sum(succeeded)} + $failed) as $all | if $all == 0 then null else ($failed / $all * 1000 | round) / 10 end`,
    };
  }
  return {
    service: {
      identifier: input.service,
      ...{ aggregationProperties: aggregations, calculationProperties: numbers },
    },
    ...{ calculations, counted, skipped },
  };
}
