/** Keeps the derived rows of a service equal to what its facts give; writes differences only. */
import { Worker } from "node:worker_threads";
import type { ChangeFact, DeploymentFact } from "../../dora/facts.ts";
import { readCommitPage, repositoriesOfShas } from "../../storage/commits.ts";
import type { Ctx } from "../../storage/context.ts";
import {
  deleteDerived,
  readHashes,
  recordDerivation,
  upsertDeployments,
  upsertShipments,
} from "../../storage/dora-derived.ts";
import { readEntity, readRoleEntities } from "../../storage/dora-facts.ts";
import type { DerivationDifference, FromThread, ToThread } from "./derive-protocol.ts";
import { changeFact, deploymentFact } from "./map-facts.ts";
import { type RoleSource, SERVICE_BLUEPRINT, serviceLink } from "./roles.ts";
import { derivationSettings, loadSettings } from "./settings.ts";

/** Small enough that handing a page over blocks the event loop for a few milliseconds only. */
const PAGE = 1000;

export interface Deriver {
  /** Derives one service within the caller's transaction; one at a time. */
  derive(ctx: Ctx, service: string): Promise<void>;
  stop(): Promise<void>;
}

export function createDeriver(): Deriver {
  let thread: Worker | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  const open = (): Worker => {
    if (thread !== null) return thread;
    const next = new Worker(new URL("./derive-thread.ts", import.meta.url));
    next.unref();
    // A thread that died (out of memory) is replaced at the next derivation.
    next.on("exit", () => {
      if (thread === next) thread = null;
    });
    thread = next;
    return next;
  };
  return {
    derive: (ctx, service) => {
      const run = queue.then(() => deriveService(ctx, service, open()));
      queue = run.catch(() => undefined);
      return run;
    },
    stop: async () => {
      await queue;
      await thread?.terminate();
    },
  };
}

async function deriveService(ctx: Ctx, service: string, thread: Worker): Promise<void> {
  const settings = await loadSettings(ctx);
  const entity = service === "" ? null : await readEntity(ctx.db, ctx.org, SERVICE_BLUEPRINT, service);
  const deployments = await readFacts(ctx, settings.roles.deployment, service, deploymentFact);
  const changes = await readFacts(ctx, settings.roles.change, service, changeFact);
  const shas = deployments.flatMap((d) => (d.sha === null ? [] : [d.sha]));
  const own = entity?.properties.repository;
  const repositories = new Set(await repositoriesOfShas(ctx.db, ctx.org, shas));
  if (typeof own === "string" && own !== "") repositories.add(own);

  const send = (message: ToThread): void => thread.postMessage(message);
  send({
    kind: "start",
    service,
    paths: globs(entity?.properties.paths),
    settings: derivationSettings(settings),
    deployments,
    changes,
  });
  // Without a deployment nothing can be shipped: the history need not be read.
  if (deployments.length > 0) await sendCommits(ctx, [...repositories], send);
  const stored = await readHashes(ctx.db, ctx.org, service);
  const difference = await finish(thread, { kind: "finish", stored });
  await write(ctx, service, difference);
  await recordDerivation(ctx.db, ctx.org, service, {
    mergedChanges: difference.mergedChanges,
    settingsHash: settings.hash,
    repositories: [...repositories],
    unknownShas: difference.unknownShas,
    now: ctx.now(),
  });
}

async function readFacts<F extends ChangeFact | DeploymentFact>(
  ctx: Ctx,
  sources: readonly RoleSource[],
  service: string,
  map: (row: Awaited<ReturnType<typeof readRoleEntities>>[number], source: RoleSource) => F | null,
): Promise<F[]> {
  const facts: F[] = [];
  for (const source of sources) {
    const link = serviceLink(source);
    if (link === null) continue;
    for (const row of await readRoleEntities(
      ctx.db,
      ctx.org,
      SERVICE_BLUEPRINT,
      source.blueprint,
      link,
      service,
    )) {
      const fact = map(row, source);
      if (fact !== null) facts.push(fact);
    }
  }
  return facts;
}

async function sendCommits(
  ctx: Ctx,
  repositories: readonly string[],
  send: (message: ToThread) => void,
): Promise<void> {
  let after: { repository: string; sha: string } | null = null;
  for (;;) {
    const rows = await readCommitPage(ctx.db, ctx.org, repositories, after, PAGE);
    if (rows.length > 0) send({ kind: "commits", rows });
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = { repository: last.repository, sha: last.sha };
  }
}

function finish(
  thread: Worker,
  message: Extract<ToThread, { kind: "finish" }>,
): Promise<DerivationDifference> {
  return new Promise((resolve, reject) => {
    const stopped = (): void => reject(new Error("the derivation thread stopped"));
    const failed = (error: unknown): void => reject(error);
    const answered = (answer: FromThread): void => {
      thread.off("exit", stopped);
      thread.off("error", failed);
      if (answer.kind === "done") resolve(answer.difference);
      else reject(new Error(`derivation failed: ${answer.message}\n${answer.stack}`));
    };
    thread.once("message", answered);
    thread.once("exit", stopped);
    thread.once("error", failed);
    thread.postMessage(message);
  });
}

async function write(ctx: Ctx, service: string, difference: DerivationDifference): Promise<void> {
  const { db, org } = ctx;
  await deleteDerived(db, org, service, difference.goneDeployments, difference.goneShipments);
  for (const page of pages(difference.deployments)) await upsertDeployments(db, org, service, page);
  for (const page of pages(difference.shipments)) await upsertShipments(db, org, service, page);
}

function* pages<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < rows.length; i += PAGE) yield rows.slice(i, i + PAGE);
}

function globs(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null;
  const list = value.filter((glob): glob is string => typeof glob === "string" && glob !== "");
  return list.length === 0 ? null : list;
}
