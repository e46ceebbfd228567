import { expect, test, vi } from "vitest";
import { demoEnd, generateDemo } from "../../src/cli/demo/generate-demo.ts";
import { services } from "../../src/cli/demo/services.ts";
import type { SimulatedRepository } from "../../src/cli/demo/simulated.ts";
import { derive } from "../../src/dora/derive.ts";
import type { ServiceDerivation } from "../../src/dora/derived.ts";
import type { DerivationSettings } from "../../src/dora/facts.ts";

// A year of 60 services is derived in seconds; machines that run other tests meanwhile are slow.
vi.setConfig({ testTimeout: 120_000 });

const settings: DerivationSettings = {
  failureWindowHours: 24,
  failureCauses: { status: true, incident: true, rollback: true, hotfix: true },
  baseline: { policy: "none" },
  productionEnvironments: ["Production"],
  bots: ["dependabot[bot]"],
  excludeDraftTime: false,
  hotfixPatterns: { branches: ["hotfix/*"], labels: ["hotfix"], titles: ["hotfix*"] },
};

function derivation(service: string, from: SimulatedRepository): ServiceDerivation {
  return derive(
    {
      service,
      paths: services.find(({ id }) => id === service)?.paths ?? null,
      deployments: from.deployments
        .filter((one) => one.service === service)
        .map((one) => ({
          ...one,
          blueprint: "deployment",
          url: null,
          status: one.succeeded ? "success" : "failure",
          changeIds: [],
        })),
      changes: from.changes
        .filter((change) => change.services.includes(service))
        .map((change) => ({
          ...change,
          blueprint: "change",
          id: `${change.repository}/${change.number}`,
          url: null,
          readyForReviewAt: null,
        })),
      commits: from.commits.map((commit) => ({
        ...commit,
        authoredAt: Date.parse(commit.authoredAt),
        committedAt: Date.parse(commit.committedAt),
        patchId: null,
        paths: commit.paths ?? null,
      })),
    },
    settings,
  );
}

test.each(["2026-11-25", "2027-06-30"])(
  "the measurement finds exactly the failures and repairs that were put in (%s)",
  (day) => {
    let failures = 0;
    for (const repository of generateDemo(demoEnd(new Date(day)))) {
      const { failed, rework } = repository.injected;
      const derived = repository.services.map((service) => derivation(service, repository));
      const production = derived
        .flatMap((one) => one.deployments)
        .filter(({ environment }) => environment === "Production");
      const found = (is: (one: (typeof production)[number]) => boolean) =>
        production
          .filter(is)
          .map(({ id }) => id)
          .sort();
      expect(found((one) => one.failed)).toEqual([...failed.keys()].sort());
      expect(found((one) => one.rework.length > 0)).toEqual([...rework.keys()].sort());
      expect(derived.flatMap((one) => one.unknownShas)).toEqual([]);
      expect(derived.flatMap((one) => one.shipments).filter(({ excluded }) => excluded !== null)).toEqual([]);
      failures += failed.size;
    }
    expect(failures).toBeGreaterThan(300);
  },
);
