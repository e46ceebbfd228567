/**
 * Scorecards of 10,000 rules over 2,000 services: all levels from scratch, one changed entity, results as entities, one changed rule.
 * `node bench/scorecards.ts`, on the embedded database, or with DATABASE_URL. Sizes by SERVICES, SCORECARDS, RULES (each).
 */
import { countResultsOf } from "../src/catalog/count-results.ts";
import { getDefinition } from "../src/catalog/definitions.ts";
import { searchInBlueprint } from "../src/catalog/search-entities.ts";
import { replaceScorecards } from "../src/catalog/scorecards.ts";
import { createBlueprint } from "../src/catalog/define-blueprint.ts";
import { getEntity } from "../src/catalog/read-entities.ts";
import { aggregateEntities } from "../src/catalog/aggregate-entities.ts";
import { ensureSystemBlueprints } from "../src/catalog/system-blueprints.ts";
import { upsertEntities, type UpsertOptions } from "../src/catalog/upsert-entity.ts";
import { settleDerivations } from "../src/engine/derivation.ts";
import { openTestDatabase } from "../test/support/database.ts";
import { since, workTime } from "./work-time.ts";

const sizeOf = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
const SERVICES = sizeOf("SERVICES", 2000);
const SCORECARDS = sizeOf("SCORECARDS", 20);
const RULES = sizeOf("RULES", 500);
const WRITE: UpsertOptions = {
  ...{ present: "merge", absent: "create", createMissing: false, validationOnly: false, closed: false },
};
const PROPERTIES = 20;

const t = await openTestDatabase();
const { ctx } = t;

/** Seconds by the clock, and of processors. */
async function timed(name: string, work: () => Promise<unknown>): Promise<void> {
  const before = await workTime(ctx.db, t.database.kind);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { process, server } = since(before, await workTime(ctx.db, t.database.kind));
  const processor = `${((process + (server ?? 0)) / 1000).toFixed(2)} s of processors`;
  console.log(`${name.padEnd(60)} ${seconds.toFixed(2)} s, ${processor}`);
}

const properties = Object.fromEntries(
  Array.from({ length: PROPERTIES }, (_, i) => [
    `p${i}`,
    [
      { type: "number" },
      { type: "string" },
      { type: "boolean" },
      { type: "string", format: "date-time" },
      { type: "array" },
    ][i % 5],
  ]),
);
const condition = (n: number): object => {
  const property = `p${n % PROPERTIES}`;
  switch (n % 5) {
    case 0:
      return { property, operator: ">=", value: n % 97 };
    case 1:
      return { property, operator: "contains", value: String(n % 10) };
    case 2:
      return { property, operator: "=", value: n % 2 === 0 };
    case 3:
      return { property, operator: ">", value: `20${10 + (n % 15)}-01-01T00:00:00Z` };
    default:
      return { property, operator: "containsAny", value: ["a", String(n % 7)] };
  }
};
const scorecards = (changed = ""): object[] =>
  Array.from({ length: SCORECARDS }, (_, s) => ({
    ...{ identifier: `s${s}`, title: `Scorecard ${s}` },
    rules: Array.from({ length: RULES }, (_, r) => ({
      ...{ identifier: `r${r}`, title: `Rule ${r}`, level: ["Bronze", "Silver", "Gold"][r % 3] },
      query: {
        combinator: "and",
        conditions: [
          condition(s * RULES + r),
          ...(s + r === 0 && changed !== "" ? [{ property: changed, operator: "isNotEmpty" }] : []),
        ],
      },
    })),
  }));
const valueOf = (p: number, n: number): unknown =>
  [
    n % 101,
    `text ${n % 13}`,
    n % 2 === 0,
    `20${10 + (n % 16)}-06-01T00:00:00Z`,
    ["a", String(n % 7)].slice(n % 3 === 0 ? 1 : 0),
  ][p % 5];
const service = (n: number): object => ({
  identifier: `service-${n}`,
  properties: Object.fromEntries(Array.from({ length: PROPERTIES }, (_, p) => [`p${p}`, valueOf(p, n + p)])),
});

await ensureSystemBlueprints(ctx);
await createBlueprint(ctx, { identifier: "service", title: "Service", schema: { properties } });
const bodies = Array.from({ length: SERVICES }, (_, n) => service(n));
for (let i = 0; i < bodies.length; i += 500)
  await upsertEntities(ctx, "service", bodies.slice(i, i + 500), WRITE);
await settleDerivations(ctx);

console.log(`${SCORECARDS * RULES} rules, ${SERVICES} services, ${t.database.kind}`);
await timed("definitions written", () => replaceScorecards(ctx, "service", scorecards()));
await timed("all levels from scratch", () => settleDerivations(ctx));
await timed("one entity changed, its level in the answer", () =>
  upsertEntities(ctx, "service", [{ identifier: "service-1", properties: { p0: 100 } }], WRITE),
);
await timed("the same, until everything is settled", () => settleDerivations(ctx));
await timed("another one", () =>
  upsertEntities(ctx, "service", [{ identifier: "service-2", properties: { p0: 100 } }], WRITE),
);
await timed("one entity read", () => getEntity(ctx, "service", "service-1"));
const query = { combinator: "and", rules: [{ property: "$blueprint", operator: "=", value: "service" }] };
await timed("entities counted by level", () =>
  aggregateEntities(ctx, { func: "countValues", scorecard: "s0", query }),
);
const results = (rules: object[]) =>
  searchInBlueprint(ctx, "_rule_result", {
    ...{ query: { combinator: "and", rules }, limit: 200, from: null, include: null, exclude: [] },
  });
const isRule = { relation: "rule", operator: "=", value: "s0:r1" };
const isFailed = { property: "result", operator: "=", value: "Not passed" };
await timed("results of one rule, who fails, a page", () => results([isRule, isFailed]));
await timed("results of one service, a page", () =>
  results([{ relation: "service", operator: "=", value: "service-1" }]),
);
await timed("one result", () => getEntity(ctx, "_rule_result", "s0:r1:service-1"));
await timed("results of one scorecard counted", () =>
  aggregateEntities(ctx, {
    ...{ func: "countValues", property: "result" },
    query: {
      combinator: "and",
      rules: [
        { property: "$blueprint", operator: "=", value: "_rule_result" },
        { property: "scorecard", operator: "=", value: "Scorecard 0" },
      ],
    },
  }),
);
const { plan } = await getDefinition(ctx, "service");
await timed("numbers of all rules, first", () => countResultsOf(ctx, plan));
await timed("numbers of all rules, again", () => countResultsOf(ctx, plan));
await timed("one rule changed, definition", () => replaceScorecards(ctx, "service", scorecards("p1")));
await timed("one rule changed, all levels again", () => settleDerivations(ctx));
await t.close();
