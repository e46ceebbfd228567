/** The cases of attribution and failure on repositories that git itself made. */
import { afterEach, describe, expect, test } from "vitest";
import { derive } from "../../src/dora/derive.ts";
import type { ServiceDerivation } from "../../src/dora/derived.ts";
import type { CommitFact, DeploymentFact, ServiceFacts } from "../../src/dora/facts.ts";
import { createRepository, type GitRepository } from "../support/git.ts";
import { causeLines, deploy, facts, h, noteLines, reworkLines } from "./support/facts.ts";
import { SETTINGS } from "./support/history-arbitrary.ts";
import { readCommits } from "./support/read-git.ts";
import { twinDerive } from "./twin.ts";

const open: GitRepository[] = [];
afterEach(() => {
  for (const repository of open.splice(0)) repository.remove();
});

function repository(): GitRepository {
  const repo = createRepository();
  open.push(repo);
  repo.at(h(0));
  repo.commit("Initial commit", "README");
  return repo;
}

const deployed = (
  id: string,
  hours: number,
  sha: string,
  rest: Partial<DeploymentFact> = {},
): DeploymentFact => ({
  ...deploy(id, hours, null),
  sha,
  ref: id,
  ...rest,
});

/** `deployment: title title`, in order of title. */
const titles = ({ shipments }: ServiceDerivation): string[] => {
  const lines = new Map<string, string[]>();
  for (const { deployment, title } of shipments)
    lines.set(deployment, [...(lines.get(deployment) ?? []), title]);
  return [...lines].map(([deployment, list]) => `${deployment}: ${list.sort().join(", ")}`);
};

const read = (repo: GitRepository, deployments: DeploymentFact[], rest: Partial<ServiceFacts> = {}) =>
  derive(facts({ commits: readCommits(repo), deployments, ...rest }), SETTINGS);

describe("real repositories", () => {
  test("merge of a pull request, squash, rebase and direct commits", () => {
    const repo = repository();
    const v1 = repo.head();
    repo.git("switch", "-qc", "topic");
    repo.at(h(1));
    repo.commit("part one");
    repo.at(h(2));
    repo.commit("part two");
    repo.git("switch", "-q", "main");
    repo.at(h(3));
    repo.git(
      "merge",
      "-q",
      "--no-ff",
      "-m",
      "Merge pull request #12 from acme/topic",
      "-m",
      "The topic",
      "topic",
    );
    repo.git("switch", "-qc", "squashed");
    repo.at(h(4));
    repo.commit("wip");
    repo.git("switch", "-q", "main");
    repo.at(h(5));
    repo.git("merge", "-q", "--squash", "squashed");
    repo.git("commit", "-qm", "Squashed work (#13)");
    repo.git("switch", "-qc", "rebased", "HEAD~1");
    repo.at(h(6));
    repo.commit("rebased one");
    repo.git("switch", "-q", "main");
    repo.at(h(7));
    repo.git("cherry-pick", "rebased");
    repo.at(h(8));
    repo.commit("direct");
    const result = read(repo, [deployed("v1", 0.5, v1), deployed("v2", 9, repo.head())]);
    expect(titles(result)).toEqual(["v2: Squashed work, The topic, direct, rebased one"]);
    const byTitle = new Map(result.shipments.map((row) => [row.title, row]));
    expect(byTitle.get("The topic")).toMatchObject({
      change: "pr:shop#12",
      matchedBy: "Merge pull request #12",
      commitCount: 2,
      firstCommitAt: h(1),
      mergedAt: h(3),
      leadSeconds: 8 * 3600,
      stages: { coding: 2 * 3600, pickup: null, review: null, deploy: 6 * 3600 },
    });
    // The copy that was deployed is shown, its author date is the one of the first copy.
    expect(byTitle.get("rebased one")).toMatchObject({ firstCommitAt: h(6), mergedAt: h(7), commitCount: 1 });
    expect(noteLines(result)).toEqual(["v1: first_deployment 1"]);
  });

  test("GitLab merge, Bitbucket merge, Azure squash, a merge without a request", () => {
    const repo = repository();
    const v1 = repo.head();
    const merge = (branch: string, ...message: string[]): void => {
      repo.git("switch", "-qc", branch);
      repo.commit(`work on ${branch}`);
      repo.git("switch", "-q", "main");
      repo.git("merge", "-q", "--no-ff", ...message.flatMap((part) => ["-m", part]), branch);
    };
    repo.at(h(1));
    merge("gitlab", "Merge branch 'gitlab' into 'main'", "Lab title", "See merge request group/sub/shop!41");
    merge("bitbucket", "Merged in bitbucket (pull request #42)", "Bucket title");
    merge("plain", "Merge branch 'plain'");
    repo.commit("Merged PR 43: Azure title");
    const result = read(repo, [deployed("v1", 0.5, v1), deployed("v2", 9, repo.head())]);
    expect(titles(result)).toEqual(["v2: Azure title, Bucket title, Lab title, work on plain"]);
    expect(result.shipments.map(({ matchedBy }) => matchedBy).sort()).toEqual([
      "(pull request #42)",
      "Merged PR 43",
      "See merge request group/sub/shop!41",
      "commit",
    ]);
  });

  test("cherry pick with -x to a release branch that ships first, and a patch id without -x", () => {
    const repo = repository();
    const v1 = repo.head();
    repo.at(h(1));
    const marked = repo.commit("fix: marked");
    const silent = repo.commit("fix: silent");
    repo.git("switch", "-qc", "release", v1);
    repo.at(h(2));
    repo.git("cherry-pick", "-x", marked);
    repo.git("cherry-pick", silent);
    const release = repo.head();
    repo.git("switch", "-q", "main");
    repo.at(h(3));
    const head = repo.commit("more");
    const result = read(repo, [
      deployed("v1.0.0", 0.5, v1),
      deployed("v1.0.1", 2.5, release),
      deployed("v1.1.0", 4, head),
    ]);
    expect(titles(result)).toEqual(["v1.0.1: fix: marked, fix: silent", "v1.1.0: more"]);
    expect(noteLines(result)).toContain("v1.1.0: already_shipped 2");
    expect(causeLines(result)).toEqual(["v1.0.0: hotfix by v1.0.1"]);
  });

  test("git revert, a revert of that revert, and a Fixes trailer", () => {
    const repo = repository();
    const v1 = repo.head();
    repo.at(h(1));
    const bad = repo.commit("feat: bad");
    repo.at(h(2));
    repo.git("revert", "--no-edit", bad);
    const reverted = repo.head();
    repo.at(h(3));
    repo.git("revert", "--no-edit", reverted);
    const again = repo.head();
    repo.at(h(4));
    const fixed = repo.commit(`Mend bad\n\nFixes: ${again.slice(0, 10)} ("Reapply")`);
    const result = read(repo, [
      deployed("v1", 0.5, v1),
      deployed("v2", 1.5, bad),
      deployed("v3", 2.5, reverted),
      deployed("v4", 3.5, again),
      deployed("v5", 4.5, fixed),
    ]);
    expect(causeLines(result)).toEqual(["v2: hotfix by v3", "v4: hotfix by v5"]);
    expect(reworkLines(result)).toEqual(["v3: revert of v2", "v5: hotfix of v4"]);
  });

  test("revert of a merged pull request (git revert -m)", () => {
    const repo = repository();
    const v1 = repo.head();
    repo.git("switch", "-qc", "topic");
    repo.at(h(1));
    repo.commit("topic work");
    repo.git("switch", "-q", "main");
    repo.git("merge", "-q", "--no-ff", "-m", "Merge pull request #5 from acme/topic", "topic");
    const merged = repo.head();
    repo.at(h(2));
    repo.git("revert", "--no-edit", "-m", "1", merged);
    const result = read(repo, [
      deployed("v1", 0.5, v1),
      deployed("v2", 1.5, merged),
      deployed("v3", 2.5, repo.head()),
    ]);
    expect(causeLines(result)).toEqual(["v2: hotfix by v3"]);
    expect(result.deployments[2]?.rework[0]?.detail).toBe(`v3 reverts ${merged.slice(0, 7)}, shipped by v2`);
  });

  test("rollback to an older tag, then forward", () => {
    const repo = repository();
    const v1 = repo.head();
    repo.at(h(1));
    const v2 = repo.commit("two");
    repo.at(h(5));
    const v3 = repo.commit("three");
    const result = read(repo, [
      deployed("v1", 0.5, v1),
      deployed("v2", 2, v2),
      deployed("back", 3, v1),
      deployed("v3", 6, v3),
    ]);
    expect(titles(result)).toEqual(["v2: two", "v3: three"]);
    expect(causeLines(result)).toEqual(["v2: rollback by back"]);
    expect(result.deployments[1]).toMatchObject({ restoredAt: h(3), restoredBy: "back" });
  });

  test("two services in one repository", () => {
    const repo = repository();
    const v1 = repo.head();
    repo.at(h(1));
    repo.commit("shop", "services/shop/a");
    repo.commit("cart", "services/cart/a");
    repo.commit("both", "lib/shared");
    const deployments = [deployed("v1", 0.5, v1), deployed("v2", 2, repo.head())];
    const shop = read(repo, deployments, { paths: ["services/shop/**", "lib/**", "README"] });
    const cart = read(repo, deployments, { paths: ["services/cart/", "lib"] });
    expect([titles(shop), titles(cart)]).toEqual([["v2: both, shop"], ["v2: both, cart"]]);
  });

  test("shallow clone: the cut is told, nothing beyond it is guessed", () => {
    const repo = repository();
    repo.at(h(1));
    const cut = repo.commit("cut");
    repo.git("switch", "-qc", "side");
    repo.commit("side work");
    repo.git("switch", "-q", "main");
    const v1 = repo.commit("one");
    repo.git("merge", "-q", "--no-ff", "-m", "Merge branch 'side'", "side");
    const commits = readCommits(repo).filter(
      ({ sha, message }) => sha !== cut && message !== "Initial commit",
    );
    const result = derive(
      facts({ commits, deployments: [deployed("v1", 1.5, v1), deployed("v2", 2, repo.head())] }),
      SETTINGS,
    );
    expect(titles(result)).toEqual(["v2: side work"]);
    expect(noteLines(result)).toEqual([
      "v1: first_deployment 1",
      "v1: shallow_history 1",
      "v2: shallow_history 1",
    ]);
  });

  test("clock skew: a commit from the future is left out and listed", () => {
    const repo = repository();
    const v1 = repo.head();
    repo.at(h(1), h(50));
    const v2 = repo.commit("from the future");
    const [row] = read(repo, [deployed("v1", 0.5, v1), deployed("v2", 2, v2)]).shipments;
    expect(row).toMatchObject({ leadSeconds: null, excluded: { reason: "negative_span" } });
  });
});

/** A repository of random work from a seed: branches, merges, squashes, picks, reverts, tags. */
function grow(seed: number): { commits: CommitFact[]; deployments: DeploymentFact[] } {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const repo = repository();
  const deployments: DeploymentFact[] = [];
  const branches: string[] = [];
  for (let step = 1; step <= 40; step++) {
    repo.at(h(step), h(step - random(3)));
    const branch = branches[random(Math.max(branches.length, 1))];
    const choice = random(10);
    if (choice < 2) {
      branches.push(`topic-${step}`);
      repo.git("switch", "-qc", `topic-${step}`);
      repo.commit(`work ${step}`);
      repo.git("switch", "-q", "main");
    } else if (choice < 4 && branch !== undefined) {
      repo.git("switch", "-q", branch);
      repo.commit(`work ${step}`);
      repo.git("switch", "-q", "main");
    } else if (choice === 4 && branch !== undefined) {
      const message =
        random(2) === 0 ? `Merge pull request #${step} from acme/${branch}` : `Merge branch '${branch}'`;
      repo.git("merge", "-q", "--no-ff", "-m", message, branch);
    } else if (choice === 5 && branch !== undefined) {
      repo.git("merge", "-q", "--squash", branch);
      repo.git("commit", "-q", "--allow-empty", "-m", `Squash of ${branch} (#${step})`);
    } else if (choice === 6 && branch !== undefined)
      repo.git("cherry-pick", "-x", "--allow-empty", "--keep-redundant-commits", branch);
    else if (choice === 7) repo.git("revert", "--no-edit", repo.commit(`fix: oops ${step}`));
    else repo.commit(`direct ${step}`);
    if (random(3) === 0) {
      const back = random(6) === 0 ? deployments.at(-2)?.sha : undefined;
      const status = random(7) === 0 ? "failure" : "success";
      deployments.push(deployed(`v1.${step >> 3}.${step % 8}`, step + 0.5, back ?? repo.head(), { status }));
    }
  }
  return { commits: readCommits(repo), deployments };
}

describe("generated repositories", () => {
  test.each([1, 2])("the engine and its twin agree (seed %i)", (seed) => {
    const input = facts(grow(seed));
    const result = derive(input, SETTINGS);
    const twin = twinDerive(input, SETTINGS);
    const shipped = (rows: readonly { deployment: string; change: string; commitCount: number }[]) =>
      rows.map(({ deployment, change, commitCount }) => `${deployment} ${change} ${commitCount}`).sort();
    expect(result.shipments.length).toBeGreaterThan(3);
    expect(shipped(result.shipments)).toEqual(shipped(twin.shipments));
    expect(causeLines(result).length).toBe(twin.deployments.flatMap(({ causes }) => causes).length);
    expect(reworkLines(result).length).toBe(twin.deployments.flatMap(({ rework }) => rework).length);
  });
});
