/** A repository whose last year holds everything the pages show: releases, hotfixes, a revert, work not released yet. */
import { createRepository, type GitRepository } from "../../support/git.ts";
import { fastImport, minutes } from "./fast-import.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface ShopRepository extends GitRepository {
  /** The merge that the newest release ships: `message` as git has it, `title` of its pull request. */
  readonly newest: {
    readonly sha: string;
    readonly tag: string;
    readonly title: string;
    readonly message: string;
    readonly author: string;
  };
}

export async function createShopRepository(commits: number): Promise<ShopRepository> {
  const repository = createRepository();
  const { git, at, commit } = repository;
  const now = minutes(Date.now());
  await fastImport(repository.path, {
    commits,
    commitsPerRelease: Math.ceil(commits / 90),
    from: now - 360 * DAY,
    to: now - 12 * DAY,
  });
  at(now - 9 * DAY, now - 10 * DAY);
  git("reset", "-q", "--hard", "main");

  const broken = commit(
    "feat: prices with two decimals (#9001)",
    "src/price.ts",
    "export const digits = 2;\n",
  );
  git("tag", "v2.0.0");
  at(now - 9 * DAY + 4 * HOUR);
  git("revert", "--no-edit", broken);
  at(now - 9 * DAY + 5 * HOUR);
  git("tag", "-a", "-m", "takes the prices back", "v2.0.1");

  at(now - 4 * DAY, now - 6 * DAY);
  git("checkout", "-q", "-b", "basket");
  commit("feat: basket keeps its items", "src/basket.ts", "export const keep = true;\n");
  git("checkout", "-q", "main");
  at(now - 3 * DAY);
  const title = "A basket that <b>remembers</b> ünïcode 🛒";
  git("merge", "-q", "--no-ff", "-m", `Merge pull request #9002 from shop/basket\n\n${title}`, "basket");
  const sha = repository.head();
  at(now - 2 * DAY);
  git("tag", "-a", "-m", "the basket", "v2.1.0");
  // Merged and not released yet.
  at(now - DAY);
  commit("feat: coming soon (#9003)");
  const [author = "", message = ""] = git("log", "-1", "--format=%an <%ae>%x00%B", sha).split("\0");
  return { ...repository, newest: { sha, tag: "v2.1.0", title, message: message.trim(), author } };
}
