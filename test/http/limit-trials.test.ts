/** What one credential may have of routes that compute for somebody who waits. */
import { setTimeout as sleep } from "node:timers/promises";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, expect, test } from "vitest";
import { handleError } from "../../src/http/errors.ts";
import { limitTrials, type TrialRules } from "../../src/http/limit-trials.ts";

const RULES: TrialRules = { atOnce: 2, mostWaiting: 1, waitMs: 5000, workMs: 10_000, windowSeconds: 60 };
let app: FastifyInstance;
afterEach(() => app.close());

/** @param work of a trial */
function serve(rules: Partial<TrialRules>, work: () => Promise<unknown>) {
  app = Fastify();
  app.setErrorHandler(handleError);
  limitTrials(app, { ...RULES, ...rules }, ({ headers }) => String(headers["x-who"]));
  app.get("/trial", { config: { isTrial: true } }, work);
  app.get("/other", () => ({ ok: true }));
  return (who: string, url = "/trial") => app.inject({ url, headers: { "x-who": who } });
}

test("some at once, one waits, who sends more is told to come back; others are not held up", async () => {
  let [running, most] = [0, 0];
  const gates: (() => void)[] = [];
  const ask = serve({}, async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => void gates.push(resolve));
    running -= 1;
    return { ok: true };
  });
  const own = [ask("ada"), ask("ada"), ask("ada")];
  while (gates.length < 2) await sleep(1);
  const refused = await ask("ada");
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "1"]);
  expect(refused.json()).toMatchObject({
    error: "rate_limited",
    message: expect.stringContaining("3 trials"),
  });
  const other = ask("bob");
  while (gates.length < 3) await sleep(1);
  expect((await ask("ada", "/other")).statusCode).toBe(200);
  expect(most).toBe(3);
  while (gates.length < 4 || running > 0) {
    gates.forEach((open) => open());
    await sleep(1);
  }
  expect((await Promise.all([...own, other])).map(({ statusCode }) => statusCode)).toEqual([
    200, 200, 200, 200,
  ]);
});

test("who has had their time waits for the next window, also where the trials failed", async () => {
  const ask = serve({ workMs: 30 }, async () => {
    await sleep(40);
    throw new Error("broken");
  });
  expect((await ask("ada")).statusCode).toBe(500);
  const refused = await ask("ada");
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(50);
  expect((await ask("bob")).statusCode).toBe(500);
});
