import { describe, expect, test } from "vitest";
import { DAY } from "../../src/cli/demo/calendar.ts";
import { demoEnd, generateDemo, repositoryOf } from "../../src/cli/demo/generate-demo.ts";
import { services } from "../../src/cli/demo/services.ts";
import type { SimulatedChange, SimulatedDeployment } from "../../src/cli/demo/simulated.ts";
import { domains, teams } from "../../src/cli/demo/teams.ts";

const end = demoEnd(new Date("2026-11-25T10:20:30Z"));
const repositories = [...generateDemo(end)];
const all = <T>(pick: (repository: (typeof repositories)[number]) => readonly T[]): T[] =>
  repositories.flatMap(pick);
const commits = all((one) => one.commits);
const changes = all<SimulatedChange>((one) => one.changes);
const deployments = all<SimulatedDeployment>((one) => one.deployments);
const production = deployments.filter(({ environment }) => environment === "Production");

/** The first pair that is out of order; null when all known times are in order. */
function disorder(times: readonly (readonly [string, number | null])[]): string | null {
  const known = times.filter((entry): entry is [string, number] => entry[1] !== null);
  for (const [index, [name, at]] of known.entries()) {
    const next = known[index + 1];
    if (next !== undefined && next[1] < at) return `${name} after ${next[0]}`;
  }
  return null;
}

describe("the organisation", () => {
  test("has 4 domains, 12 teams, 60 services", () => {
    expect(domains).toHaveLength(4);
    expect(teams).toHaveLength(12);
    expect(new Set(services.map(({ id }) => id)).size).toBe(60);
    const domainIds = new Set(domains.map(({ id }) => id));
    expect(teams.filter(({ domain }) => !domainIds.has(domain))).toEqual([]);
    const perTeam = teams.map(({ id }) => services.filter(({ team }) => team === id).length);
    expect(perTeam).toEqual(teams.map(() => 5));
  });

  test("has one repository that two services share by paths", () => {
    const shared = [...Map.groupBy(services, repositoryOf).values()].filter((group) => group.length > 1);
    expect(shared.map((group) => group.map(({ id }) => id))).toEqual([["storefront-web", "storefront-bff"]]);
    expect(shared[0]?.every(({ paths }) => (paths?.length ?? 0) > 0)).toBe(true);
  });

  test("keeps to volumes that load in seconds", () => {
    expect(deployments.length).toBeGreaterThan(5000);
    expect(deployments.length).toBeLessThan(8500);
    expect(changes.length).toBeGreaterThan(9000);
    expect(changes.length).toBeLessThan(14_500);
    expect(commits.length).toBeGreaterThan(20_000);
    expect(commits.length).toBeLessThan(32_000);
  });

  test("has a service without deployments, one with too few, one gone quiet, one that is broken now", () => {
    const of = (service: string) =>
      production
        .filter((one) => one.service === service)
        .sort((left, right) => left.finishedAt - right.finishedAt);
    expect(of("slotting-optimizer")).toEqual([]);
    expect(of("locker-network").length).toBeGreaterThan(0);
    expect(of("locker-network").length).toBeLessThan(10);
    expect(of("order-history").length).toBeGreaterThan(10);
    expect(of("order-history").at(-1)?.finishedAt).toBeLessThan(end - 120 * DAY);
    expect(of("carrier-adapters").at(-1)?.succeeded).toBe(false);
    expect(of("carrier-adapters").at(-1)?.finishedAt).toBeGreaterThan(end - 10 * DAY);
  });
});

describe("git", () => {
  test("shas are unique 40 hex", () => {
    expect(commits.filter(({ sha }) => !/^[0-9a-f]{40}$/.test(sha))).toEqual([]);
    expect(new Set(commits.map(({ sha }) => sha)).size).toBe(commits.length);
  });

  test("parents come first, in their own repository: no cycles, nothing missing", () => {
    for (const repository of repositories) {
      const seen = new Set<string>();
      const orphans: string[] = [];
      for (const { sha, parents } of repository.commits) {
        if (parents.some((parent) => !seen.has(parent))) orphans.push(sha);
        seen.add(sha);
      }
      expect(orphans).toEqual([]);
      expect(repository.commits.filter(({ parents }) => parents.length === 0)).toHaveLength(1);
    }
  });

  test("commits are authored before they are committed, and committed before the end", () => {
    const wrong = commits.filter(
      ({ authoredAt, committedAt }) => authoredAt > committedAt || Date.parse(committedAt) >= end,
    );
    expect(wrong).toEqual([]);
  });

  test("what is deployed, merged or redeployed exists", () => {
    for (const repository of repositories) {
      const shas = new Set(repository.commits.map(({ sha }) => sha));
      const missing = [
        ...repository.deployments.flatMap(({ sha, previousSha }) => [sha, previousSha]),
        ...repository.changes.map(({ mergeSha }) => mergeSha),
      ].filter((sha) => sha !== null && !shas.has(sha));
      expect(missing).toEqual([]);
    }
  });

  test("only the shared repository tells the paths of its commits", () => {
    const silent = commits.filter(({ paths }) => paths === undefined);
    const told = commits.filter(({ paths }) => paths !== undefined);
    expect(new Set(told.map(({ repository }) => repository))).toEqual(
      new Set(["git.acme.example/acme/storefront"]),
    );
    expect(silent.some(({ repository }) => repository.endsWith("/storefront"))).toBe(false);
  });
});

describe("times", () => {
  test("of a change: first commit, opened, reviewed, approved, merged, before the end", () => {
    const wrong = changes.flatMap((change) => {
      const found = disorder([
        ["first commit", change.firstCommitAt],
        ["opened", change.openedAt],
        ["reviewed", change.firstReviewAt],
        ["approved", change.approvedAt],
        ["merged", change.mergedAt],
        ["end", end],
      ]);
      return found === null ? [] : [`${change.repository}#${change.number}: ${found}`];
    });
    expect(wrong).toEqual([]);
  });

  test("numbers of pull requests rise with the time of opening and are used once", () => {
    for (const { changes: own } of repositories) {
      expect(new Set(own.map(({ number }) => number)).size).toBe(own.length);
      expect(own.map(({ openedAt }) => openedAt)).toEqual(
        own.map(({ openedAt }) => openedAt).sort((left, right) => left - right),
      );
    }
  });

  test("a deployment carries a commit made before it starts; one at a time in production", () => {
    const committedAt = new Map(commits.map((commit) => [commit.sha, Date.parse(commit.committedAt)]));
    const early = deployments.filter(
      ({ sha, startedAt, finishedAt }) =>
        startedAt < (committedAt.get(sha) ?? Number.POSITIVE_INFINITY) ||
        finishedAt <= startedAt ||
        finishedAt >= end,
    );
    expect(early).toEqual([]);
    for (const own of Map.groupBy(production, ({ service }) => service).values()) {
      const sorted = own.toSorted((left, right) => left.finishedAt - right.finishedAt);
      const overlapping = sorted.filter(
        ({ startedAt }, index) => index > 0 && startedAt < (sorted[index - 1]?.finishedAt ?? 0),
      );
      expect(overlapping).toEqual([]);
    }
  });

  test("are whole seconds", () => {
    expect(deployments.filter(({ startedAt, finishedAt }) => startedAt % 1000 || finishedAt % 1000)).toEqual(
      [],
    );
    expect(commits.filter(({ authoredAt }) => !authoredAt.endsWith(".000Z"))).toEqual([]);
  });

  test("planned releases keep to the freeze at the turn of the year", () => {
    const frozen = ({ finishedAt }: SimulatedDeployment) => {
      const day = new Date(finishedAt).toISOString().slice(5, 10);
      return day >= "12-16" || day <= "01-01";
    };
    const share = production.filter(frozen).length / production.length;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(17 / 365 / 2);
  });
});

test("identifiers of deployments are unique and legal", () => {
  expect(new Set(deployments.map(({ id }) => id)).size).toBe(deployments.length);
  expect(deployments.filter(({ id }) => !/^[\p{L}0-9@_.+:\\/=-]+$/u.test(id))).toEqual([]);
});

test("the same day gives the same year, another day other shas", () => {
  const again = [...generateDemo(demoEnd(new Date("2026-11-25T23:59:59Z")))];
  expect(again).toEqual(repositories);
  const [other] = generateDemo(end + DAY);
  const shas = new Set(commits.map(({ sha }) => sha));
  expect(other?.commits.length).toBeGreaterThan(100);
  expect(other?.commits.filter(({ sha }) => shas.has(sha))).toEqual([]);
});
