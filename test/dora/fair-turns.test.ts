/** One piece of long work at a time, by turns of the organisations. */
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { FairTurns } from "../../src/metrics/dora/fair-turns.ts";

const staying = new AbortController().signal;

/** Work that ends when it is told to, and says when it began. */
function setUp(perOrganisation: number) {
  const turns = new FairTurns("previews", perOrganisation);
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (org: string, name: string, signal: AbortSignal = staying): Promise<string> =>
    turns.take(org, signal, async () => {
      began.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  /** Ends the work that runs, and waits until its answer is given and the next one has begun. */
  const end = async (name: string, answer: Promise<string>): Promise<void> => {
    ends.get(name)?.();
    expect(await answer).toBe(name);
    await setImmediate();
  };
  return { turns, began, ask, end };
}

test("an organisation that asks for many lets each other have its turn after one of its own", async () => {
  const { began, ask, end } = setUp(4);
  const asked = new Map<string, Promise<string>>();
  for (const [org, name] of [
    ["loud", "loud-1"],
    ["loud", "loud-2"],
    ["loud", "loud-3"],
    ["quiet", "quiet-1"],
    ["loud", "loud-4"],
    ["other", "other-1"],
    ["quiet", "quiet-2"],
  ] as const)
    asked.set(name, ask(org, name));
  const order = ["loud-1", "loud-2", "quiet-1", "other-1", "loud-3", "quiet-2", "loud-4"];
  for (const [index, name] of order.entries()) {
    expect(began).toEqual(order.slice(0, index + 1));
    await end(name, asked.get(name) as Promise<string>);
  }
});

test("too many of one organisation are refused, with a number; those of another still wait", async () => {
  const { ask, end } = setUp(2);
  const [first, second, third] = [ask("loud", "a"), ask("loud", "b"), ask("loud", "c")];
  await expect(ask("loud", "d")).rejects.toMatchObject({
    code: "rate_limited",
    message: "2 previews of this organisation are waiting already; try again soon",
    extra: { retryAfter: 10 },
  });
  const other = ask("quiet", "q");
  await end("a", first);
  await end("b", second);
  await end("q", other);
  await end("c", third);
  const again = ask("loud", "e");
  await end("e", again);
});

test("of all organisations together a hundred wait at most", async () => {
  const { ask, end } = setUp(4);
  const first = ask("org", "first");
  const others = Array.from({ length: 100 }, (_, n) => ask(`org-${n}`, `n-${n}`));
  await expect(ask("late", "late")).rejects.toThrow("100 previews of all organisations");
  await end("first", first);
  for (const [n, other] of others.entries()) await end(`n-${n}`, other);
});

test("who goes takes no turn, whether it waits or only comes", async () => {
  const { began, ask, end } = setUp(4);
  const leaving = new AbortController();
  const running = ask("one", "running");
  const left = ask("one", "left", leaving.signal);
  const last = ask("one", "last");
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: "invalid_request" });
  await end("running", running);
  await end("last", last);
  await expect(ask("one", "never", leaving.signal)).rejects.toThrow("cancelled");
  const next = ask("one", "next");
  await end("next", next);
  expect(began).toEqual(["running", "last", "next"]);
});

test("work that fails gives its turn on", async () => {
  const { turns, ask, end } = setUp(4);
  const failing = turns.take("one", staying, () => Promise.reject(new Error("no")));
  const next = ask("two", "next");
  await expect(failing).rejects.toThrow("no");
  await end("next", next);
});
