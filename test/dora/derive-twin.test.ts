import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { derive } from "../../src/dora/derive.ts";
import type { ServiceDerivation } from "../../src/dora/derived.ts";
import type { ServiceFacts } from "../../src/dora/facts.ts";
import { factsArbitrary, settingsArbitrary } from "./support/history-arbitrary.ts";
import { type TwinDeployment, twinDerive, type TwinResult, type TwinShipment } from "./twin.ts";

/** Seeds that once failed come first. */
const SEEDS = [1, 2, 3, 4];
const RUNS = 250;

/** The part of a derivation that the twin tells too. */
function comparable(derivation: ServiceDerivation): TwinResult {
  return {
    deployments: derivation.deployments
      .filter(({ excluded }) => excluded === null)
      .map((one): TwinDeployment => ({
        id: one.id,
        previous: one.previous,
        isRollback: one.isRollback,
        failed: one.failed,
        causes: one.causes.map(({ cause, by }) => `${cause} ${by}`).sort(),
        restoredAt: one.restoredAt,
        restoredBy: one.restoredBy,
        rework: one.rework.map(({ reason, repairs }) => `${reason} ${repairs}`).sort(),
        notes: one.notes.map(({ reason, count }) => `${reason} ${count}`).sort(),
      })),
    shipments: derivation.shipments.map((one): TwinShipment => ({
      deployment: one.deployment,
      deployedAt: one.deployedAt,
      change: one.change,
      commitCount: one.commitCount,
      method: one.method,
      sha: one.sha,
      firstCommitAt: one.firstCommitAt,
      openedAt: one.openedAt,
      firstReviewAt: one.firstReviewAt,
      mergedAt: one.mergedAt,
    })),
    mergedChanges: derivation.mergedChanges,
  };
}

const sorted = (result: TwinResult): TwinResult => ({
  ...result,
  shipments: [...result.shipments].sort((a, b) =>
    `${a.deployment} ${a.change}` < `${b.deployment} ${b.change}` ? -1 : 1,
  ),
});

/** Every list of facts shuffled by a seed, and some facts given twice. */
function shuffled(facts: ServiceFacts, seed: number): ServiceFacts {
  const mix = <T>(list: readonly T[]): T[] =>
    [...list, ...list.filter((_, index) => (index + seed) % 3 === 0)]
      .map((item, index) => ({ item, key: Math.imul(index + 1, seed * 2 + 1_000_003) >>> 0 }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  return {
    ...facts,
    deployments: mix(facts.deployments),
    changes: mix(facts.changes),
    commits: mix(facts.commits),
  };
}

describe("derive against its twin", () => {
  test.each(SEEDS)("gives what the slow twin gives (seed %i)", (seed) => {
    fc.assert(
      fc.property(factsArbitrary, settingsArbitrary, (facts, settings) => {
        expect(sorted(comparable(derive(facts, settings)))).toEqual(sorted(twinDerive(facts, settings)));
      }),
      { seed, numRuns: RUNS },
    );
  });

  test.each(SEEDS)("does not depend on order or copies of facts (seed %i)", (seed) => {
    fc.assert(
      fc.property(factsArbitrary, settingsArbitrary, fc.nat(1000), (facts, settings, mix) => {
        expect(derive(shuffled(facts, mix), settings)).toEqual(derive(facts, settings));
      }),
      { seed, numRuns: RUNS },
    );
  });

  test.each(SEEDS)("ships every change once, and counts what it leaves out (seed %i)", (seed) => {
    fc.assert(
      fc.property(factsArbitrary, settingsArbitrary, (facts, settings) => {
        const derivation = derive(facts, settings);
        const keys = derivation.shipments.map(({ environment, change }) => `${environment} ${change}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const deployment of derivation.deployments) {
          const own = derivation.shipments.filter(
            (one) => one.deployment === deployment.id && one.environment === deployment.environment,
          );
          expect(deployment.changeCount).toBe(own.filter(({ excluded }) => excluded === null).length);
          expect(deployment.failed).toBe(deployment.causes.length > 0);
        }
      }),
      { seed, numRuns: RUNS },
    );
  });
});
