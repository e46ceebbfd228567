/** The parts of `GET /v1/dora/metrics` that the command line shows. Everything is read defensively: servers differ. */
import type { JsonObject } from "./client.ts";
import type { Unit } from "./format-number.ts";

export interface MetricLine {
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  readonly value: number | null;
  readonly n: number | null;
  readonly few: boolean;
  /** What is known is less than the floor: no band, as on the pages. */
  readonly thin: boolean;
  readonly tier: string | null;
  readonly benchmark: string | null;
  readonly interval: readonly [number, number] | null;
  readonly previous: number | null;
  readonly significant: boolean | null;
  readonly points: readonly { readonly value: number | null; readonly partial: boolean }[];
}

/** Title, and whether less is better (null: neither). */
export const METRICS: readonly {
  readonly name: string;
  readonly title: string;
  readonly lowerIsBetter: boolean;
}[] = [
  { name: "deploymentFrequency", title: "Deployment frequency", lowerIsBetter: false },
  { name: "changeLeadTime", title: "Change lead time", lowerIsBetter: true },
  { name: "changeFailureRate", title: "Change failure rate", lowerIsBetter: true },
  { name: "failedDeploymentRecoveryTime", title: "Recovery time", lowerIsBetter: true },
  { name: "meanTimeToRecovery", title: "Time to recovery", lowerIsBetter: true },
  { name: "reworkRate", title: "Rework rate", lowerIsBetter: true },
];

const UNITS: Readonly<Record<string, Unit>> = { per_day: "per_day", seconds: "seconds", ratio: "ratio" };

export function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}

export function asNumber(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function asText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function asInterval(value: unknown): readonly [number, number] | null {
  if (!Array.isArray(value)) return null;
  const [low, high] = value.map(asNumber);
  return low === null || low === undefined || high === null || high === undefined ? null : [low, high];
}

/** The metrics of one scope, in the order in which they are shown. */
export function metricLines(metrics: unknown, series: unknown): MetricLine[] {
  const all = asObject(metrics);
  const lines: MetricLine[] = [];
  for (const { name, title } of METRICS) {
    if (!(name in all)) continue;
    const metric = asObject(all[name]);
    const [few, thin] = [metric["few"] === true, metric["covered"] === false];
    const points = asObject(series)[name];
    lines.push({
      name,
      title,
      unit: UNITS[asText(metric["unit"]) ?? ""] ?? "ratio",
      value: asNumber(metric["value"]),
      n: asNumber(metric["count"]) ?? asNumber(metric["total"]) ?? asNumber(metric["n"]),
      few,
      thin,
      tier: few || thin ? null : (asText(metric["tier"]) ?? asText(asObject(metric["band"])["tier"])),
      benchmark: asText(asObject(metric["band"])["benchmark"]),
      interval: asInterval(metric["interval95"]),
      previous: asNumber(asObject(metric["previous"])["value"]),
      significant: (asObject(metric["trend"])["significant"] ?? null) as boolean | null,
      points: (Array.isArray(points) ? points : []).map((point) => ({
        value: asNumber(asObject(point)["value"]),
        partial: asObject(point)["partial"] === true,
      })),
    });
  }
  return lines;
}

export function asWindow(value: unknown): { from: string; to: string; timezone: string; interval: string } {
  const window = asObject(value);
  const text = (key: string) => asText(window[key]) ?? "";
  return { from: text("from"), to: text("to"), timezone: text("timezone"), interval: text("interval") };
}
