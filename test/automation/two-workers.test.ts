/** Two workers at once, as two processes have them: events, timers and moments of a schedule start one run each. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { automationsRound } from "../../src/automation/automation-loop.ts";
import { AutomationCache } from "../../src/automation/automations.ts";
import { createAction } from "../../src/automation/define-action.ts";
import { createAlert } from "../../src/automation/alerts/define-alert.ts";
import { alertRound } from "../../src/automation/alerts/alert-round.ts";
import { changes, define, put } from "../catalog/fixture.ts";
import { feedIsRead } from "../support/feed-is-read.ts";
import { openStage, type Stage } from "./automation-stage.ts";

let s: Stage;
beforeAll(async () => {
  s = await openStage();
});
afterAll(() => s.close());

const ENTITIES = 20;
const MEANS = { metrics: () => Promise.resolve([]), publicUrl: () => "" };

test("each event, expiry and moment starts one run, whoever comes first", async () => {
  await define(s.ctx, "job", { ttl: { type: "string", format: "timer" }, load: { type: "number" } });
  const of = { blueprintIdentifier: "job" };
  for (const [identifier, event] of [
    ["created", { type: "ENTITY_CREATED", ...of }],
    ["expired", { type: "TIMER_PROPERTY_EXPIRED", ...of, propertyIdentifier: "ttl" }],
    ["hourly", { type: "SCHEDULE", cron: "0 * * * *" }],
  ] as const)
    await createAction(s.ctx, {
      ...{ identifier, title: identifier, publish: true, trigger: { type: "automation", event } },
      invocationMethod: { type: "SLACK", url: s.url, body: { text: identifier } },
    });
  await createAlert(s.ctx, {
    ...{ identifier: "load", title: "Load", rule: { type: "threshold", is: "above", value: 5 } },
    source: { type: "property", blueprint: "job", property: "load" },
    recipients: { slack: s.url },
  });
  const caches = [new AutomationCache(), new AutomationCache(), new AutomationCache()];
  const all = (): Promise<boolean[]> =>
    Promise.all([
      ...caches.map((cache) => automationsRound(s.ctx, cache)),
      ...caches.map(() => alertRound(s.ctx, MEANS)),
    ]);
  const settle = async (): Promise<void> => {
    let quiet = 0;
    for (let i = 0; i < 2000 && quiet < 2; i++) {
      const isBusy = (await all()).some(Boolean) || !(await feedIsRead(s.ctx, ["automations", "timers"]));
      quiet = isBusy ? 0 : quiet + 1;
    }
    expect(quiet).toBe(2);
  };
  await settle();
  for (let hour = 0; hour < 3; hour++) {
    for (let i = 0; i < ENTITIES; i++) {
      const ttl = new Date(s.now() + i * 60_000).toISOString();
      await put(s.ctx, "job", { identifier: `${hour}-${i}`, properties: { ttl, load: i } });
      if (i % 7 === 0) await all();
    }
    s.advance(3_600_000);
    await settle();
  }
  const count = async (action: string): Promise<number> => (await s.runs(action)).length;
  expect(await Promise.all(["created", "expired", "hourly"].map(count))).toEqual([
    3 * ENTITIES,
    3 * ENTITIES,
    3,
  ]);
  expect(await count("alert:load:slack")).toBe(3 * (ENTITIES - 6));
  const rows = (await changes(s.ctx)).filter(({ kind }) => kind === "timer" || kind === "alert");
  const names = rows.map(({ kind, identifier, after }) =>
    JSON.stringify([kind, identifier, kind === "alert" ? after : null]),
  );
  expect(new Set(names).size).toBe(names.length);
});
