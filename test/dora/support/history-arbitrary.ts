/** Random histories of one service: a little simulated git host, driven by fast-check. */
import fc from "fast-check";
import type {
  ChangeFact,
  CommitFact,
  DeploymentFact,
  DerivationSettings,
  ServiceFacts,
} from "../../../src/dora/facts.ts";

export const START = Date.UTC(2026, 2, 20);
export const HOUR = 3_600_000;

export const SETTINGS: DerivationSettings = {
  failureWindowHours: 24,
  failureCauses: { status: true, incident: true, rollback: true, hotfix: true },
  baseline: { policy: "none" },
  productionEnvironments: ["Production"],
  bots: [],
  excludeDraftTime: false,
  hotfixPatterns: { branches: [], labels: ["hotfix"], titles: [] },
};

type Op = readonly [kind: string, a: number, b: number, c: number];

const KINDS = [
  "commit commit commit branchCommit branchCommit branchCommit",
  "merge merge squash squash rebase plainMerge mainIntoBranch nestedMerge",
  "cherryPick cherryPick release revert revert revertTitle fixes fix",
  "deploy deploy deploy deploy deploy deployOld deployBranch",
].flatMap((line) => line.split(" "));

const op: fc.Arbitrary<Op> = fc.tuple(fc.constantFrom(...KINDS), fc.nat(1000), fc.nat(1000), fc.nat(1000));

export const factsArbitrary: fc.Arbitrary<ServiceFacts> = fc
  .record({
    ops: fc.array(op, { minLength: 5, maxLength: 140, size: "max" }),
    paths: fc.constantFrom<readonly string[] | null>(null, null, ["a/**"], ["a/*", "shared/**"]),
    drop: fc.constantFrom(0, 0, 0, 5, 11),
  })
  .map(({ ops, paths, drop }) => simulate(ops, paths, drop));

export const settingsArbitrary: fc.Arbitrary<DerivationSettings> = fc
  .record({
    baseline: fc.constantFrom<DerivationSettings["baseline"]>(
      { policy: "none" },
      { policy: "none" },
      { policy: "all" },
      { policy: "since", value: START + 10 * HOUR },
      { policy: "tag", value: "v1.0.1" },
    ),
    failureWindowHours: fc.constantFrom(24, 5, 1000),
    rollback: fc.boolean(),
    excludeDraftTime: fc.boolean(),
  })
  .map(({ baseline, failureWindowHours, rollback, excludeDraftTime }) => ({
    ...SETTINGS,
    baseline,
    failureWindowHours,
    excludeDraftTime,
    failureCauses: { ...SETTINGS.failureCauses, rollback },
  }));

function simulate(ops: readonly Op[], paths: readonly string[] | null, drop: number): ServiceFacts {
  const commits: CommitFact[] = [];
  const changes: ChangeFact[] = [];
  const deployments: DeploymentFact[] = [];
  const branches: string[][] = [];
  let main: string;
  let number = 10;
  let time = START;
  let version = [1, 0, 0] as [number, number, number];

  const commit = (
    parents: readonly string[],
    message: string,
    rest: Partial<Pick<CommitFact, "authoredAt" | "patchId" | "paths">> = {},
  ): string => {
    const index = commits.length + 1;
    const sha = ((index * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, "0").repeat(5);
    commits.push({
      repository: "shop",
      sha,
      parents,
      authoredAt: rest.authoredAt ?? time - (index % 7 === 0 ? -HOUR : HOUR),
      committedAt: time,
      author: `Dev ${index % 3}`,
      patchId: rest.patchId === undefined ? `patch ${index}` : rest.patchId,
      message,
      paths: rest.paths === undefined ? somePaths(index) : rest.paths,
    });
    return sha;
  };
  const find = (sha: string): CommitFact => commits.find((one) => one.sha === sha) as CommitFact;
  const any = (choice: number): CommitFact => commits[choice % commits.length] as CommitFact;
  const change = (branch: string, mergeSha: string | null, headSha: string, choice: number): void => {
    if (choice % 3 === 0) return;
    changes.push({
      blueprint: "change",
      id: `shop/${number}`,
      title:
        choice % 5 === 1 ? `Revert "commit ${choice % 9}"` : choice % 5 === 2 ? "Fix it" : `Change ${number}`,
      url: null,
      repository: "shop",
      number: choice % 4 === 1 ? null : number,
      firstCommitAt: choice % 6 === 1 ? time - 30 * HOUR : null,
      openedAt: choice % 7 === 2 ? null : time - (choice % 20) * HOUR,
      readyForReviewAt: choice % 2 === 0 ? time - (choice % 10) * HOUR : null,
      firstReviewAt: choice % 4 === 2 ? null : time - (choice % 12) * HOUR,
      approvedAt: null,
      mergedAt: choice % 8 === 3 ? null : time,
      mergeSha: choice % 5 === 4 ? null : mergeSha,
      headSha: choice % 2 === 0 ? headSha : null,
      author: branch,
      isBot: false,
      labels: choice % 11 === 1 ? ["hotfix"] : [],
    });
  };
  const deploy = (sha: string | null, a: number, b: number): void => {
    version = a % 3 === 0 ? [version[0], version[1] + 1, 0] : [version[0], version[1], version[2] + 1];
    const related = a % 6 === 0 && changes.length > 0 ? [changes[b % changes.length]?.id ?? ""] : [];
    deployments.push({
      blueprint: "deployment",
      id: `d${deployments.length}`,
      title: null,
      url: null,
      environment: b % 4 === 0 ? "Staging" : "Production",
      startedAt: a % 5 === 0 ? time - a * 1000 : null,
      finishedAt: time,
      status: b % 7 === 1 ? "failure" : b % 23 === 5 ? "unknown" : "success",
      sha,
      previousSha: a % 13 === 1 ? any(b).sha : null,
      ref: b % 3 === 2 ? null : `v${version.join(".")}`,
      changeIds: related,
      trigger: a % 17 === 3 ? "rollback" : a % 17 === 5 ? "hotfix" : null,
    });
  };
  main = commit([], "Initial commit");

  for (const [kind, a, b, c] of ops) {
    if (c % 5 !== 0) time += (c % 9) * HOUR;
    const branch = branches.length === 0 ? undefined : branches[a % branches.length];
    const head = branch?.at(-1);
    switch (kind) {
      case "commit":
        main = commit([main], `commit ${b % 9}`, { patchId: b % 6 === 0 ? `patch ${b % 4}` : null });
        break;
      case "fix":
        main = commit([main], `fix: commit ${b % 9}`);
        break;
      case "branchCommit":
        if (head === undefined || b % 3 === 0) branches.push([main, commit([main], `start ${b}`)]);
        else branch?.push(commit([head], b % 4 === 0 ? `work ${b % 9} (#${b % 30})` : `work ${b % 9}`));
        break;
      case "release":
        branches.push([any(b).sha]);
        break;
      case "mainIntoBranch":
        if (head !== undefined && head !== main)
          branch?.push(commit([head, main], "Merge branch 'main' into topic", { patchId: null, paths: [] }));
        break;
      case "nestedMerge": {
        const other = branches[b % branches.length];
        const from = other?.at(-1);
        if (head === undefined || from === undefined || from === head) break;
        number++;
        const merged = commit(
          [head, from],
          `Merge pull request #${number} from shop/nested\n\nNested ${number}`,
          {
            patchId: null,
            paths: null,
          },
        );
        branch?.push(merged);
        change("nested", merged, from, c);
        break;
      }
      case "merge":
      case "plainMerge": {
        if (head === undefined || head === main) break;
        number++;
        const message =
          kind === "plainMerge"
            ? "Merge branch 'topic'"
            : b % 2 === 0
              ? `Merge pull request #${number} from shop/topic\n\nTopic ${number}`
              : `Merge branch 'topic' into 'main'\n\nTopic ${number}\n\nSee merge request shop/shop!${number}`;
        main = commit([main, head], message, { patchId: null, paths: [] });
        if (kind === "merge") change("topic", main, head, c);
        if (c % 3 === 0) branches.splice(a % branches.length, 1);
        break;
      }
      case "squash":
        if (head === undefined) break;
        number++;
        main = commit([main], `${b % 5 === 0 ? "fix: " : ""}Squashed ${b % 9} (#${number})`);
        change("squash", main, head, c);
        break;
      case "rebase": {
        if (branch === undefined || head === undefined) break;
        number++;
        for (const sha of branch.slice(1)) {
          const original = find(sha);
          if (original.parents.length > 1) continue;
          const { authoredAt, patchId } = original;
          main = commit([main], original.message, { authoredAt, patchId, paths: original.paths });
        }
        change("rebase", main, head, c);
        break;
      }
      case "cherryPick": {
        const source = any(b);
        if (head === undefined || source.parents.length > 1) break;
        const trailer =
          c % 2 === 0
            ? `\n\n(cherry picked from commit ${source.sha})`
            : `\n\nChange-Id: I${source.sha.slice(0, 12)}`;
        branch?.push(commit([head], source.message + trailer, { authoredAt: source.authoredAt }));
        break;
      }
      case "revert": {
        const target = any(b);
        const subject = target.message.split("\n")[0] ?? "";
        const body =
          c % 3 === 0 ? `Reverts shop/shop#${10 + (b % 12)}` : `This reverts commit ${target.sha}.`;
        main = commit([main], `Revert "${subject}"\n\n${body}`);
        break;
      }
      case "revertTitle":
        main = commit([main], `Revert "commit ${b % 9}"`);
        break;
      case "fixes":
        main = commit([main], `Mend it\n\nFixes: ${any(b).sha.slice(0, c % 2 === 0 ? 12 : 40)} ("x")`);
        break;
      case "deploy":
        deploy(c % 19 === 1 ? "f".repeat(40) : c % 19 === 2 ? null : main, a, b);
        break;
      case "deployOld":
        deploy(any(c).sha, a, b);
        break;
      case "deployBranch":
        deploy(head ?? main, a, b);
        break;
    }
  }
  const kept = drop === 0 ? commits : commits.filter((_, index) => index % drop !== 2);
  return { service: "shop", paths, deployments, changes, commits: kept };
}

function somePaths(index: number): readonly string[] | null {
  const choices = [["a/x"], ["b/y"], ["shared/deep/z"], ["a/deep/w"], null, ["b/y", "a/q"], []];
  return choices[index % choices.length] as readonly string[] | null;
}
