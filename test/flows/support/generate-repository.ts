/** Random histories of one product with the habits of real teams, written by real git from a seed. */
import { createRepository, type GitRepository } from "../../support/git.ts";
import { fastImport } from "./fast-import.ts";
import { seeded } from "./random.ts";

/** How pull requests land on main. */
export type Habit = "squash" | "merge" | "rebase" | "mixed";

export interface HistoryPlan {
  readonly seed: number;
  readonly habit: Habit;
  /** Things that happen: single commits, pull requests, releases, hotfixes, reverts, rollbacks. */
  readonly steps: number;
  /** Characters added to every commit message, so that few commits make large deliveries. */
  readonly padding?: number;
}

interface Landing {
  /** Heads of branches that a merge commit brings in. */
  readonly merged?: readonly string[];
  /** Number of the pull request. */
  readonly pull?: number;
  readonly author?: string;
  readonly authoredAt?: number;
}

interface Made {
  readonly sha: string;
  readonly message: string;
  readonly files: ReadonlyMap<string, string | null>;
  readonly number: number | null;
}

/** Monday, 5 January 2026. */
const START = Date.UTC(2026, 0, 5, 8) / 1000;
const AUTHORS = [
  "Ada Dev <ada@example.org>",
  "Bob Dev <bob@example.org>",
  "Cleo Dev <cleo@example.org>",
  "dependabot[bot] <bot@example.org>",
];
const FOLDERS = ["svc-a", "svc-b", "lib"];
const SCRATCH = "scratch";

/** The caller removes it. */
export async function generateRepository(plan: HistoryPlan): Promise<GitRepository> {
  const repository = createRepository();
  const random = seeded(plan.seed);
  const writer = fastImport(repository.path);
  const padding =
    plan.padding === undefined ? "" : `\n\n${"All work and no play. ".repeat(plan.padding / 22)}`;
  let time = START;
  let files = 0;
  let number = 10;
  let version: [number, number, number] = [1, 0, 0];
  let main = "";
  const landed: Made[] = [];
  const releases: string[] = [];

  const newFiles = (): Map<string, string> => {
    files++;
    const folder = random.pick(FOLDERS);
    return new Map([[`${folder}/file-${files}.txt`, `line ${files}\nseed ${plan.seed}\n`]]);
  };
  const write = async (
    message: string,
    parents: readonly string[],
    changed: ReadonlyMap<string, string | null>,
    { branch = SCRATCH, author = random.pick(AUTHORS), authoredAt = time - random.between(0, 7200) } = {},
  ): Promise<string> =>
    writer.commit({
      branch,
      message: `${message}${padding}\n`,
      author,
      authoredAt,
      committedAt: time,
      parents,
      files: changed,
    });
  const land = async (
    message: string,
    changed: ReadonlyMap<string, string | null>,
    { merged = [], pull, ...rest }: Landing = {},
  ): Promise<void> => {
    const parents = main === "" ? [] : [main, ...merged];
    main = await write(message, parents, changed, { ...rest, branch: "main" });
    if (merged.length === 0) landed.push({ sha: main, message, files: changed, number: pull ?? null });
  };
  const title = (): string => random.pick(["feat: ", "fix: ", "", "Fix ", "chore: "]) + `thing ${files + 1}`;

  const pullRequest = async (): Promise<void> => {
    const pull = ++number;
    const subject = title();
    const branch: {
      message: string;
      sha: string;
      author: string;
      authoredAt: number;
      files: Map<string, string>;
    }[] = [];
    for (let left = random.between(1, 4); left > 0; left--) {
      const message = title();
      const author = random.pick(AUTHORS);
      const authoredAt = time - random.between(0, 40_000);
      const changed = newFiles();
      const sha = await write(message, [branch.at(-1)?.sha ?? main], changed, { author, authoredAt });
      branch.push({ message, sha, author, authoredAt, files: changed });
      time += random.between(0, 5000);
    }
    const all = new Map(branch.flatMap((one) => [...one.files]));
    const landing = plan.habit === "mixed" ? random.pick(["squash", "merge", "rebase"] as const) : plan.habit;
    if (landing === "squash")
      await land(`${subject} (#${pull})\n\n* wip\n* wip again`, all, {
        pull,
        author: branch[0]?.author ?? "",
      });
    else if (landing === "merge") {
      const words =
        random.next() < 0.7
          ? `Merge pull request #${pull} from acme/topic-${pull}\n\n${subject}`
          : `Merge branch 'topic-${pull}' into 'main'\n\n${subject}\n\nSee merge request acme/shop!${pull}`;
      await land(words, all, { merged: [branch.at(-1)?.sha ?? ""] });
    } else
      for (const one of branch)
        await land(one.message, one.files, { author: one.author, authoredAt: one.authoredAt });
  };
  const revert = async (): Promise<void> => {
    const target = random.pick(landed.slice(-12));
    const undone = new Map([...target.files.keys()].map((path) => [path, null]));
    const [subject = ""] = target.message.split("\n");
    if (subject.startsWith("Revert")) return;
    const body =
      target.number !== null && random.next() < 0.5
        ? `\n\nReverts acme/shop#${target.number}`
        : random.next() < 0.7
          ? `\n\nThis reverts commit ${target.sha}.`
          : "";
    await land(`Revert "${subject}"${body}`, undone);
  };
  const release = (sha: string, next: readonly [number, number, number]): void => {
    version = [...next];
    const annotated = sha !== main || random.next() < 0.7;
    writer.tag(`v${next.join(".")}`, sha, annotated ? time : null);
    releases.push(sha);
  };
  const minor = (): [number, number, number] => [version[0], version[1] + 1, 0];
  const patch = (): [number, number, number] => [version[0], version[1], version[2] + 1];
  const hotfix = async (): Promise<void> => {
    const base = releases.at(-1) ?? main;
    const changed = newFiles();
    const message = `fix: broken thing ${files}`;
    const author = random.pick(AUTHORS);
    const authoredAt = time - 600;
    const sha = await write(message, [base], changed, { author, authoredAt });
    time += 900;
    release(sha, patch());
    time += 900;
    const trailer = random.next() < 0.5 ? `\n\n(cherry picked from commit ${sha})` : "";
    await land(message + trailer, changed, { author, authoredAt });
  };

  await land("Initial commit", newFiles());
  for (let step = 0; step < plan.steps; step++) {
    time += random.between(0, 8) * random.between(0, 3600);
    const dice = random.next();
    if (step === 8) release(main, [1, 0, 0]);
    else if (dice < 0.4) await land(title(), newFiles());
    else if (dice < 0.75) await pullRequest();
    else if (dice < 0.81) await revert();
    else if (releases.length === 0) await land(title(), newFiles());
    else if (dice < 0.9) release(main, minor());
    else if (dice < 0.94) release(main, patch());
    else if (dice < 0.98) await hotfix();
    // A version that puts an older release back.
    else release(releases.at(-2) ?? main, minor());
  }
  // So that nothing is open at the end: how long a failure lasts must not depend on when it is asked.
  time += 3600;
  await land("docs: last release", newFiles());
  writer.tag(`v${minor().join(".")}`, main, time);
  time += 3600;
  await land(title(), newFiles());
  await writer.close();
  repository.git("update-ref", "-d", `refs/heads/${SCRATCH}`);
  return repository;
}
