/**
 * How long deriving and measuring one big service takes: `node bench/dora.ts`. Organisations of size M and L, and what DevLake
 * asks of the same rows: `tools/with-postgres node bench/dora/sizes.ts`.
 */
import { derive } from "../src/dora/derive.ts";
import type { CommitFact, DeploymentFact, DerivationSettings, ServiceFacts } from "../src/dora/facts.ts";
import { computeMetrics } from "../src/dora/metrics.ts";

export interface DoraRow {
  readonly commits: number;
  readonly deployments: number;
  readonly shipments: number;
  readonly deriveMs: number;
  readonly metricsMs: number;
}

const START = Date.UTC(2020, 0, 1);
const MINUTE = 60_000;
const ROUNDS = 5;

const settings: DerivationSettings = {
  failureWindowHours: 24,
  failureCauses: { status: true, incident: true, rollback: true, hotfix: true },
  baseline: { policy: "none" },
  productionEnvironments: ["Production"],
  bots: [],
  excludeDraftTime: false,
  hotfixPatterns: { branches: ["hotfix/*"], labels: ["hotfix"], titles: ["hotfix*"] },
};

/** A trunk of merged branches of three commits and squash commits, a tag deployed every so often, some rolled back. */
function synthesise(size: number, releases: number): ServiceFacts {
  const commits: CommitFact[] = [];
  const commit = (parents: readonly string[], message: string): string => {
    const index = commits.length;
    const sha = ((index * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, "0").repeat(5);
    const authoredAt = START + index * 10 * MINUTE;
    const committedAt = authoredAt + 5 * MINUTE;
    const patchId = `p${sha}`;
    commits.push({
      repository: "shop",
      sha,
      parents,
      authoredAt,
      committedAt,
      author: `Dev ${index % 40} <dev${index % 40}@example.org>`,
      patchId,
      message,
      paths: [`src/part-${index % 50}/file-${index % 700}.ts`],
    });
    return sha;
  };
  const deployments: DeploymentFact[] = [];
  let trunk = commit([], "Initial commit");
  const every = size / releases;
  for (let number = 1; commits.length < size; number++) {
    if (number % 3 === 0) trunk = commit([trunk], `feat: squashed ${number} (#${number})\n\nBody of it.\n`);
    else {
      let branch = trunk;
      for (let part = 0; part < 3; part++)
        branch = commit([branch], `${part === 2 ? "fix" : "feat"}: part ${part} of ${number}`);
      trunk = commit(
        [trunk, branch],
        `Merge pull request #${number} from shop/topic-${number}\n\nTopic ${number}\n`,
      );
    }
    if (commits.length < deployments.length * every) continue;
    const index = deployments.length;
    const rollback = index % 50 === 49 ? deployments[index - 2] : undefined;
    deployments.push({
      blueprint: "deployment",
      id: `shop@v1.${index >> 2}.${index % 4}`,
      title: null,
      url: null,
      environment: "Production",
      startedAt: null,
      finishedAt: START + commits.length * 10 * MINUTE,
      status: index % 23 === 22 ? "failure" : "success",
      sha: rollback?.sha ?? trunk,
      previousSha: null,
      ref: `v1.${index >> 2}.${index % 4}`,
      changeIds: [],
      trigger: null,
    });
  }
  return { service: "shop", paths: null, deployments, changes: [], commits };
}

const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[values.length >> 1] as number;

function measure(size: number, releases: number): DoraRow {
  const facts = synthesise(size, releases);
  const deriveMs: number[] = [];
  const metricsMs: number[] = [];
  let shipments = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const derived = derive(facts, settings);
    const derivedAt = performance.now();
    const to = START + size * 11 * MINUTE;
    computeMetrics({
      ...derived,
      window: { from: START, to, timezone: "UTC", interval: "month", weekStart: "monday" },
      environments: ["Production"],
      hasSource: true,
      now: to,
    });
    deriveMs.push(derivedAt - start);
    metricsMs.push(performance.now() - derivedAt);
    shipments = derived.shipments.length;
  }
  const deployments = facts.deployments.length;
  return {
    commits: facts.commits.length,
    deployments,
    shipments,
    deriveMs: median(deriveMs),
    metricsMs: median(metricsMs),
  };
}

/** Median of five runs each. */
export async function benchDora(): Promise<DoraRow[]> {
  return [measure(20_000, 400), measure(100_000, 2000)];
}

if (import.meta.main)
  for (const row of await benchDora())
    console.log(
      `${row.commits} commits, ${row.deployments} deployments, ${row.shipments} changes shipped: ` +
        `derive ${row.deriveMs.toFixed(0)} ms, metrics ${row.metricsMs.toFixed(0)} ms`,
    );
