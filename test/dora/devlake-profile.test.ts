/** The profile `devlake`: its dashboards' folds by cases, its links and lead times against the rules over tables. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commitDiffs } from "../../src/dora/devlake/commit-diffs.ts";
import { leadTimes } from "../../src/dora/devlake/lead-times.ts";
import { linkProjectIncidents } from "../../src/dora/devlake/link-incidents.ts";
import type { CsvRow } from "../../src/dora/devlake/parse-csv.ts";
import { previousDeployments } from "../../src/dora/devlake/previous-deployment.ts";
import { timeText } from "../../src/dora/devlake/tables.ts";
import {
  type DevlakeChange,
  type DevlakeDeployment,
  type DevlakeIncident,
  type DevlakeInput,
  devlakeMetrics,
  lowerMedian,
} from "../../src/dora/devlake-profile.ts";
import { WINDOW } from "./cases/metrics.ts";
import { h, sha } from "./support/facts.ts";

const RUNS = Number(process.env["DORA_SEEDS"] ?? 50);
const text = { title: null, url: null };

const deployed = (id: string, hours: number, commit: string | null, service = "shop"): DevlakeDeployment => ({
  ...{ ...text, blueprint: "deployment", id, service, environment: "Production" },
  ...{ startedAt: h(hours) - 60_000, finishedAt: h(hours), sha: commit && sha(commit) },
});
const merged = (
  id: string,
  hours: number,
  commit: string,
  rest: Partial<DevlakeChange> = {},
): DevlakeChange => ({
  ...{ ...text, blueprint: "change", id, service: "shop", mergeSha: sha(commit) },
  ...{ firstCommitAt: h(hours - 3), openedAt: h(hours - 2), mergedAt: h(hours) },
  ...rest,
});
const broken = (id: string, from: number, to: number | null, service = "shop"): DevlakeIncident => ({
  ...{ ...text, blueprint: "incident", id, service },
  ...{ startedAt: h(from), endedAt: to === null ? null : h(to) },
});
const commits = (...pairs: readonly (readonly [string, string | null])[]): DevlakeInput["commits"] =>
  pairs.map(([name, parent]) => ({
    repository: "shop",
    sha: sha(name),
    parents: parent === null ? [] : [sha(parent)],
  }));
const measure = (input: Partial<DevlakeInput>) =>
  devlakeMetrics({
    ...{ deployments: [], changes: [], incidents: [], commits: [], window: WINDOW, hasSource: true },
    ...input,
  });

test.each([
  [[], null],
  [[5], 5],
  [[1, 3], 1],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2],
  [[1, 2, 2, 2], 2],
])("the lower median of %j is %j", (values, expected) => {
  expect(lowerMedian(values)).toBe(expected);
});

describe("dashboards", () => {
  test("frequency: median of weeks of the days with a deployment", () => {
    // To midnight of the 13th, ten days back: that calendar has the 13th, and no longer the 3rd.
    const deployments = [1, 25, 26, 8 * 24, 9 * 24].map((hours, index) => deployed(`d${index}`, hours, null));
    expect(measure({ deployments }).deploymentFrequency).toMatchObject({
      value: 1,
      n: 4,
      unit: "days_per_week",
    });
    expect(measure({ hasSource: false }).deploymentFrequency.value).toBeNull();
  });

  test("lead time: three stages rounded up; the first deployment ships nothing; by the merge commit only", () => {
    const found = measure({
      commits: commits(["0", null], ["a", "0"], ["b", "a"]),
      deployments: [deployed("first", 1, "0"), deployed("second", 30, "b")],
      changes: [
        merged("in", 20, "a"),
        merged("negative", 40, "b", { firstCommitAt: null, mergedAt: h(40) }),
        merged("in the first", 0.5, "0"),
        merged("elsewhere", 20, "f"),
      ],
    }).changeLeadTime;
    expect(found.rows.map(({ subject, value }) => [subject.id, value])).toEqual([
      ["in", 60 + 120 + 600],
      // Deployed before it was merged, without a first commit: only the review is left.
      ["negative", 120],
    ]);
    expect(found.value).toBe(120);
    expect(found.differences.join()).toContain("2 merged in the window are in no deployment");
  });

  test("failure rate: the latest deployment anywhere, however long ago", () => {
    const found = measure({
      deployments: [deployed("d1", 10, null), deployed("d2", 20, null, "cart")],
      incidents: [broken("i", 21, 22), broken("late", 220, null), broken("before all", 5, 6)],
    });
    expect(found.changeFailureRate).toMatchObject({ value: 0.5, n: 2 });
    expect(found.failedDeploymentRecoveryTime).toMatchObject({ value: 120, n: 1 });
    expect(found.meanTimeToRecovery).toMatchObject({ value: 60, n: 2 });
    expect(found.reworkRate.value).toBeNull();
  });
});

interface World {
  readonly deployments: readonly DevlakeDeployment[];
  readonly changes: readonly DevlakeChange[];
  readonly incidents: readonly DevlakeIncident[];
  readonly commits: DevlakeInput["commits"];
}

const names = Array.from({ length: 16 }, (_, index) => index.toString(16));
const world: fc.Arbitrary<World> = fc
  .record({
    parents: fc.array(fc.tuple(fc.nat(15), fc.nat(15)), { minLength: 15, maxLength: 15 }),
    deployments: fc.array(fc.tuple(fc.nat(60), fc.nat(15), fc.constantFrom("cart", "shop"), fc.nat(2)), {
      maxLength: 8,
    }),
    changes: fc.array(fc.tuple(fc.nat(60), fc.nat(15), fc.nat(6), fc.option(fc.nat(9))), { maxLength: 8 }),
    incidents: fc.array(fc.tuple(fc.nat(60), fc.option(fc.nat(20))), { maxLength: 6 }),
  })
  .map(({ parents, deployments, changes, incidents }) => ({
    commits: names.map((name, index) => ({
      repository: "shop",
      sha: sha(name),
      parents:
        index === 0
          ? []
          : [...new Set((parents[index - 1] as number[]).map((p) => sha(names[p % index] as string)))],
    })),
    deployments: deployments.map(([hours, commit, service, late], index) => ({
      ...deployed(`d${index}`, hours, names[commit] as string, service),
      startedAt: h(hours) - late * 7_200_000,
    })),
    changes: changes.map(([hours, commit, opened, coding], index) =>
      merged(`c${index}`, hours, names[commit] as string, {
        openedAt: h(hours - opened) + index,
        firstCommitAt: coding === null ? null : h(hours - coding),
      }),
    ),
    incidents: incidents.map(([from, long], index) =>
      broken(`i${index}`, from, long === null ? null : from + long),
    ),
  }));

/** The same world as the tables of the compatibility command. */
function tablesOf({ deployments, changes, incidents, commits }: World) {
  const mapping: CsvRow[] = ["cart", "shop"].flatMap((id) =>
    ["cicd_scopes", "repos", "boards"].map((table) => ({ project_name: "p", table, row_id: id })),
  );
  const bare = deployments.map((one) => ({
    ...{ id: one.id, commit_sha: one.sha ?? "", result: "SUCCESS", environment: "PRODUCTION", repo_url: "r" },
    ...{ cicd_deployment_id: one.id, cicd_scope_id: one.service },
    ...{ started_date: timeText(one.startedAt), finished_date: timeText(one.finishedAt) },
  }));
  const rows = previousDeployments(bare);
  const diffs = commitDiffs(
    {
      deployments: rows,
      commitParents: commits.flatMap((one) =>
        one.parents.map((parent) => ({ commit_sha: one.sha, parent_commit_sha: parent })),
      ),
      mapping,
    },
    "p",
  );
  return {
    leads: leadTimes(
      {
        pullRequests: changes.map((one) => ({
          ...{ id: one.id, base_repo_id: "shop", author_id: "ada", merge_commit_sha: one.mergeSha ?? "" },
          ...{ created_date: timeText(one.openedAt), merged_date: timeText(one.mergedAt) },
        })),
        pullRequestCommits: changes.map((one) => ({
          ...{ pull_request_id: one.id, commit_sha: "x", commit_authored_date: timeText(one.firstCommitAt) },
        })),
        comments: [],
        deployments: rows,
        commitDiffs: diffs,
        mapping,
      },
      "p",
    ),
    links: linkProjectIncidents(
      {
        incidents: incidents.map((one) => ({
          ...{ id: one.id, created_date: timeText(one.startedAt), table: "boards", scope_id: "shop" },
        })),
        deployments: rows,
        mapping,
      },
      "p",
    ),
  };
}

test("links and lead times are those of the rules over tables", () => {
  fc.assert(
    fc.property(world, (facts) => {
      const window = { ...WINDOW, from: h(-1000), to: h(1000) };
      const found = measure({ ...facts, window });
      const { leads, links } = tablesOf(facts);
      expect(
        found.changeLeadTime.rows.map(({ subject, value, deployment }) => [
          subject.id,
          String(value),
          deployment,
        ]),
      ).toEqual(
        leads
          .filter((row) => row["deployment_commit_id"] !== "")
          .map((row) => [row["id"], row["pr_cycle_time"], row["deployment_commit_id"]]),
      );
      const blamed = new Set(links.map((row) => row["deployment_id"]));
      expect(
        found.changeFailureRate.rows
          .filter(({ value }) => value === 1)
          .map(({ subject }) => subject.id)
          .sort(),
      ).toEqual([...blamed].map(String).sort());
    }),
    { seed: 1, numRuns: RUNS },
  );
});
