/** Facts that no honest source sends: nothing hangs, nothing throws, no number is made up. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { derive } from "../../src/dora/derive.ts";
import { pauses } from "../../src/metrics/dora/pauses.ts";
import type { CommitFact, ServiceFacts } from "../../src/dora/facts.ts";
import { computeMetrics } from "../../src/dora/metrics.ts";
import { patient } from "../support/patience.ts";
import { commit, DAY0, deploy, facts, h, sha, shippedLines } from "./support/facts.ts";
import { factsArbitrary, SETTINGS } from "./support/history-arbitrary.ts";

/** Every number anywhere in a value. */
function numbers(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(numbers);
}

const measure = (given: ServiceFacts) => {
  const derivation = derive(given, SETTINGS);
  const window = { from: DAY0, to: h(2400), timezone: "UTC", interval: "day", weekStart: "monday" } as const;
  const metrics = computeMetrics({
    ...derivation,
    window,
    environments: ["Production"],
    hasSource: true,
    now: h(2400),
  });
  return { derivation, metrics };
};

describe("hostile facts", () => {
  test("cycles, self parents, repeated parents and copies that differ", () => {
    const commits = [
      commit("a1", ["a3"], 1, "one"),
      commit("a2", ["a1", "a1"], 2, "two"),
      commit("a3", ["a2"], 3, "three (#1)"),
      commit("b1", ["b1", "a3"], 4, "self"),
      commit("b1", ["b1", "a3"], 4, "self, told differently", { patchId: "p" }),
    ];
    const deployments = [
      deploy("d0", 0, "ff"),
      deploy("d1", 1, "a2"),
      deploy("d2", 2, "b1"),
      deploy("d3", 3, "a1"),
    ];
    const there = derive(facts({ commits, deployments }), SETTINGS);
    const back = derive(
      facts({ commits: [...commits].reverse(), deployments: [...deployments].reverse() }),
      SETTINGS,
    );
    expect(back).toEqual(there);
    // All three of the cycle reach one another; the first known sha has nothing known before it.
    expect(shippedLines(there)).toEqual(["d1: commit:a100000", "d2: commit:b100000"]);
    expect(there.deployments.at(-1)?.isRollback).toBe(true);
  });

  test("random parents (cycles and all) give one answer in any order", () => {
    const graph = fc.array(fc.array(fc.nat(14), { maxLength: 3 }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(graph, fc.array(fc.nat(14), { minLength: 1, maxLength: 6 }), (parents, deployed) => {
        const name = (index: number): string => `c${index.toString(16)}`;
        const commits = parents.map((list, index): CommitFact => {
          const message = index % 4 === 1 ? `Merge pull request #${index} from a/b` : `c${index}`;
          return commit(name(index), list.map(name), index, message);
        });
        const deployments = deployed.map((index, place) => deploy(`d${place}`, 20 + place, name(index)));
        const there = derive(facts({ commits, deployments }), SETTINGS);
        const back = derive(
          facts({ commits: [...commits].reverse(), deployments: [...deployments].reverse() }),
          SETTINGS,
        );
        expect(back).toEqual(there);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("a straight line of 60,000 commits needs no stack", () => {
    const commits = Array.from({ length: 60_000 }, (_, index) =>
      commit(
        index.toString(16).padStart(8, "0"),
        index === 0 ? [] : [(index - 1).toString(16).padStart(8, "0")],
        index / 1000,
        "x",
      ),
    );
    const tip = (59_999).toString(16).padStart(8, "0");
    const deployments = [
      deploy("d1", 200, "00000010"),
      deploy("d2", 201, tip),
      deploy("back", 202, "00000010"),
    ];
    const { derivation } = measure(facts({ commits, deployments }));
    expect(derivation.shipments).toHaveLength(59_983);
    expect(derivation.deployments.map(({ isRollback }) => isRollback)).toEqual([false, false, true]);
  });

  test("thousands of deployments in one instant, flapping between far versions", () => {
    const commits = Array.from({ length: 2000 }, (_, index) =>
      commit(
        index.toString(16).padStart(8, "0"),
        index === 0 ? [] : [(index - 1).toString(16).padStart(8, "0")],
        0,
        "x",
      ),
    );
    const deployments = Array.from({ length: 4000 }, (_, index) =>
      deploy(
        `d${index}`,
        index < 2000 ? 5 : 6 + index,
        (index % 2 === 0 ? 3 : 1990).toString(16).padStart(8, "0"),
      ),
    );
    const start = performance.now();
    const { derivation } = measure(facts({ commits, deployments }));
    expect(performance.now() - start).toBeLessThan(patient(5000));
    expect(derivation.deployments).toHaveLength(4000);
  });

  test("numbers that are none never come out", () => {
    const bad = [Number.NaN, Infinity, -Infinity];
    const commits = [
      commit("a0", [], 0, "first"),
      ...bad.map((time, index) =>
        commit(`a${index + 1}`, [`a${index}`], 1, `commit ${index}`, { authoredAt: time, committedAt: time }),
      ),
    ];
    const deployments = [
      deploy("d1", 1, "a0", { startedAt: Number.NaN }),
      deploy("d2", 2, "a3"),
      ...bad.map((time, index) => deploy(`bad${index}`, 3, null, { finishedAt: time })),
    ];
    const { derivation, metrics } = measure(facts({ commits, deployments }));
    expect(derivation.deployments.map(({ id }) => id)).toEqual(["d1", "d2"]);
    expect(derivation.shipments.map(({ excluded }) => excluded?.reason)).toEqual([
      "no_start",
      "no_start",
      "no_start",
    ]);
    expect([...numbers(derivation), ...numbers(metrics)].filter((value) => !Number.isFinite(value))).toEqual(
      [],
    );
  });

  test("random facts with broken times give finite numbers only", () => {
    const time = fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, h(5), -1e18, 8.64e15);
    fc.assert(
      fc.property(factsArbitrary, fc.array(time, { minLength: 9, maxLength: 9 }), (given, times) => {
        const pick = (index: number, honest: number): number =>
          index % 3 === 0 ? (times[index % 9] as number) : honest;
        const broken: ServiceFacts = {
          ...given,
          commits: given.commits.map((one, index) => ({
            ...one,
            authoredAt: pick(index, one.authoredAt),
            committedAt: pick(index + 1, one.committedAt),
          })),
          deployments: given.deployments.map((one, index) => ({
            ...one,
            finishedAt: pick(index, one.finishedAt),
          })),
          changes: given.changes.map((one, index) => ({
            ...one,
            openedAt: pick(index, 0),
            mergedAt: pick(index + 2, 0),
          })),
        };
        const { derivation, metrics } = measure(broken);
        expect(
          [...numbers(derivation), ...numbers(metrics)].filter((value) => !Number.isFinite(value)),
        ).toEqual([]);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test("a message of a million characters", () => {
    const commits = [
      commit("a0", [], 0, "first"),
      commit("a1", ["a0"], 1, `${"x ".repeat(500_000)}(#12)`),
      commit("a2", ["a1"], 2, `y\n\n${"Fixes: 0123456 ".repeat(60_000)}`),
    ];
    const { derivation } = measure(
      facts({ commits, deployments: [deploy("d1", 1, "a0"), deploy("d2", 3, "a2")] }),
    );
    expect(derivation.shipments.map(({ change }) => change)).toEqual([`commit:${sha("a2")}`, "pr:shop#12"]);
    expect(derivation.shipments.every(({ title }) => title.length <= 300)).toBe(true);
  });

  test("no facts at all", () => {
    expect(derive(facts({}), SETTINGS)).toEqual({
      deployments: [],
      incidents: [],
      shipments: [],
      unknownShas: [],
      mergedChanges: 0,
      unshipped: [],
    });
  });
});

test("work that takes long lets others have their turn, and ends when it is told to", async () => {
  let others = 0;
  setImmediate(() => (others += 1));
  const pause = pauses(() => {
    throw new Error(`stopped after ${others}`);
  });
  const work = async (): Promise<void> => {
    for (let piece = 0; piece < 1e8; piece++) await pause();
  };
  await expect(work()).rejects.toThrow("stopped after 1");
});
