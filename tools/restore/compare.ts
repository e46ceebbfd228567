/** What a restored portal has, beside what was written to its source and when. */
import type { Portal } from "../../test/flows/support/portal.ts";
import { METRICS, readEvidence } from "../../test/flows/support/snapshot.ts";
import { type Fact, factOf, type Load, SERVICES, serviceOf, WINDOW } from "./facts.ts";

const BLUEPRINTS = ["deployment", "incident"];

interface Entity {
  readonly identifier: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly relations: { readonly service: string | readonly string[] };
}

/** Entities by blueprint and identifier (`deployment/d-1`). */
export type Facts = ReadonlyMap<string, Entity>;

export async function factsOf(portal: Portal): Promise<Facts> {
  const facts = new Map<string, Entity>();
  const keys = ["identifier", "properties", "relations"].map((key) => `include=${key}`).join("&");
  for (const blueprint of BLUEPRINTS) {
    const path = `/v1/blueprints/${blueprint}/entities?${keys}`;
    for (const one of (await portal.get<{ entities: Entity[] }>(path)).entities)
      facts.set(`${blueprint}/${one.identifier}`, one);
  }
  return facts;
}

/** The moment of a backup is somewhere in it. */
export interface Moment {
  readonly begun: number;
  readonly ended: number;
}

/**
 * Each writer did one thing after the other: what is there of it is what some of its first steps left behind, among them all
 * that were acknowledged before the moment, and none that were sent after it.
 * @returns what is not so, in words; empty: all is
 */
export function outOfOrder(facts: Facts, load: Load, { begun, ended }: Moment): string[] {
  return load.writers.flatMap((steps, writer) => {
    const least = steps.filter(({ acknowledgedAt }) => acknowledgedAt < begun).length;
    const most = steps.filter(({ sentAt }) => sentAt <= ended).length;
    const state = new Map<string, Fact>();
    const own = new Set(steps.flatMap(({ after }) => [...after.keys()]));
    let wrong = new Set<string>();
    for (let count = 0; count <= most; count += 1) {
      if (count > 0) for (const [key, fact] of steps[count - 1]?.after ?? []) state.set(key, fact);
      if (count < least) continue;
      const differing = [...own].filter((key) => {
        const found = facts.get(key);
        return (found === undefined ? null : factOf(found)) !== (state.get(key) ?? null);
      });
      if (differing.length === 0) return [];
      if (wrong.size === 0 || differing.length < wrong.size) wrong = new Set(differing);
    }
    return [
      `writer ${writer}: not what it had written after any ${least} to ${most} of its ${steps.length} steps; nearest but for ${[...wrong].slice(0, 5).join(", ")}`,
    ];
  });
}

/** Makes the facts of a portal those of another one, by its API. @returns how many had to be written */
export async function bringBack(portal: Portal, wanted: Facts): Promise<number> {
  const there = await factsOf(portal);
  let written = 0;
  for (const [key, entity] of wanted) {
    const found = there.get(key);
    if (found !== undefined && factOf(found) === factOf(entity)) continue;
    const { identifier, properties, relations } = entity;
    await portal.send("POST", `/v1/blueprints/${key.split("/")[0]}/entities?upsert=true`, {
      ...{ identifier, relations },
      properties: Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null)),
    });
    written += 1;
  }
  for (const key of there.keys())
    if (!wanted.has(key)) {
      const [blueprint = "", identifier = ""] = key.split("/");
      await portal.send("DELETE", `/v1/blueprints/${blueprint}/entities/${identifier}`, undefined);
      written += 1;
    }
  return written;
}

/** Every number of DORA, of the organisation and of each service, day by day, with the evidence for each. */
export async function numbersOf(portal: Portal): Promise<Readonly<Record<string, unknown>>> {
  const numbers: Record<string, unknown> = {};
  const services = Array.from({ length: SERVICES }, (_, n) => serviceOf(n));
  for (const scope of ["", ...services.map((service) => `&blueprint=service&entity=${service}`)]) {
    const query = `${WINDOW}${scope}&interval=day`;
    numbers[query] = await portal.get(`/v1/dora/metrics?${query}`);
  }
  for (const metric of METRICS) {
    const query = `metric=${metric}&${WINDOW}`;
    numbers[query] = await readEvidence(portal, query);
  }
  const { counts } = await portal.get<{ counts: unknown }>("/v1/dora/status");
  return { ...numbers, counts };
}

/** Which questions are answered otherwise, and where the first difference is. */
export function differing(a: Readonly<Record<string, unknown>>, b: typeof a): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => {
    const where = firstDifference(a[key], b[key], "");
    return where === null ? [] : [`${key}: ${where}`];
  });
}

/** What grows while nobody does anything: the instant of asking, and for how long something has not been mended. */
const grows = (key: string, row: object): boolean =>
  key === "asOf" || key === "atLeast" || (key === "value" && "open" in row);

function firstDifference(a: unknown, b: unknown, at: string): string | null {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return Object.is(a, b) ? null : `${at} ${JSON.stringify(a)} restored, ${JSON.stringify(b)} at the source`;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (grows(key, a)) continue;
    const [one, other] = [a, b].map((side) => (side as Readonly<Record<string, unknown>>)[key]);
    const found = firstDifference(one, other, `${at}/${key}`);
    if (found !== null) return found;
  }
  return null;
}
