/** Reads the facts of one service and hands them, page by page, to a thread that derives. */
import type { DeploymentFact } from "../../dora/facts.ts";
import { awaitCommits, readCommitPage, repositoriesOfShas } from "../../storage/commits.ts";
import type { Ctx } from "../../storage/context.ts";
import { readEntity } from "../../storage/dora-facts.ts";
import type { FactsMessage } from "./derive-protocol.ts";
import { readCatalogFacts } from "./read-facts.ts";
import { fieldValue } from "./roles.ts";
import { derivationSettings, type DoraSettings } from "./settings.ts";

/** Small enough that handing a page over blocks the event loop for a few milliseconds only. */
const PAGE = 1000;

/** As long as the repository of a commit can be. */
const MAX_REPOSITORY = 500;

export interface SentFacts {
  /** Those whose commits were sent, or would be if the service had deployments. */
  readonly repositories: readonly string[];
  readonly deployments: number;
  readonly changes: number;
  readonly incidents: number;
  readonly commits: number;
}

/** @param read told after each page, and from time to time, how many facts came; what it throws ends the reading */
export async function sendFacts(
  ctx: Ctx,
  settings: DoraSettings,
  service: string,
  send: (message: FactsMessage) => void,
  read: (facts: number) => void = () => undefined,
): Promise<SentFacts> {
  await awaitCommits(ctx.db, ctx.org);
  const source = settings.service;
  const row = service === "" ? null : await readEntity(ctx.db, ctx.org, source.blueprint, service);
  const entity = row && { ...row, createdAt: row.created_at.toISOString() };
  const facts = await readCatalogFacts(ctx, settings, service, () => read(0));
  const { deployments, changes, incidents } = facts;
  read(deployments.length + changes.length + incidents.length);
  const named = entity && fieldValue(entity, source.repository);
  const own = typeof named === "string" && named !== "" && named.length <= MAX_REPOSITORY ? named : null;
  const shas = deployments.flatMap((one) => sourceShas(one, own !== null));
  const repositories = new Set(await repositoriesOfShas(ctx.db, ctx.org, shas));
  if (own !== null) repositories.add(own);
  send({
    kind: "start",
    service,
    paths: globs(entity && fieldValue(entity, source.paths)),
    settings: derivationSettings(settings),
    ...facts,
  });
  // Without a deployment nothing can be shipped: the history need not be read.
  const commits = deployments.length === 0 ? 0 : await sendCommits(ctx, [...repositories], send, read);
  return {
    repositories: [...repositories],
    ...{ deployments: deployments.length, changes: changes.length, incidents: incidents.length, commits },
  };
}

/** Beside an image, whatever its tag, the sha is that of a configuration repository: its commits are no changes of the service. */
function sourceShas({ sha, imageShas = null }: DeploymentFact, hasRepository: boolean): readonly string[] {
  const isConfiguration = imageShas !== null && hasRepository;
  return [...(imageShas ?? []), ...(sha === null || isConfiguration ? [] : [sha])];
}

async function sendCommits(
  ctx: Ctx,
  repositories: readonly string[],
  send: (message: FactsMessage) => void,
  read: (facts: number) => void,
): Promise<number> {
  let sum = 0;
  for (const repository of repositories) {
    let after: string | null = "";
    while (after !== null) {
      const { page, count, last } = await readCommitPage(ctx.db, ctx.org, repository, after, PAGE);
      read(count);
      sum += count;
      if (page !== null) send({ kind: "commits", page });
      after = last;
    }
  }
  return sum;
}

function globs(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null;
  const list = value.filter((glob): glob is string => typeof glob === "string" && glob !== "");
  return list.length === 0 ? null : list;
}
