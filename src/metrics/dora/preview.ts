/**
 * `POST /v1/dora/preview`: the numbers as they would be under other settings, beside those of now. The facts are read and
 * derived again as derivation does it, in a thread; nothing is written.
 */
import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { Metrics } from "../../dora/results.ts";
import { type SourceTally, type Tallied, tallySources } from "../../dora/tally.ts";
import { AppError, invalid } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { allServices } from "../../storage/dora-facts.ts";
import { countDeployments, countIncidents, countShipments } from "../../storage/dora-preview.ts";
import { FairTurns } from "./fair-turns.ts";
import type { FromPreview, ToPreview } from "./preview-thread.ts";
import { ownMetrics } from "./own-metrics.ts";
import { iso } from "./present.ts";
import { METRICS, ownProfile, parseQuestion, type Question, type QuestionInput } from "./question.ts";
import { spanOf } from "./scope.ts";
import { scopeOf } from "./read-input.ts";
import { sendFacts } from "./send-facts.ts";
import { settingsAfter, type SettingsUpdate } from "./settings.ts";
import { pendingWork } from "./status.ts";

export interface PreviewInput extends QuestionInput {
  readonly settings?: SettingsUpdate;
  /** So many services of the scope, chosen by the digest of their identifiers. */
  readonly sample?: number;
}

/** Size M (dora.md section 6) has 200 services and half a million facts. */
const MAX_SERVICES = 200;
const MAX_FACTS = 1_000_000;
const MAX_MS = 60_000;
/** One preview runs at a time, as derivation needs the processor too; so many of each organisation wait. */
const turns = new FairTurns("previews", 4);

const SAMPLE_RULE = "the services whose identifiers have the smallest SHA-256 digests";

/** @param signal ends it: who asked has gone. @throws AppError not_found, forbidden, invalid_request, rate_limited */
export async function doraPreview(
  ctx: Ctx,
  { settings: update = {}, sample, ...asked }: PreviewInput,
  sight: Sight | null,
  signal: AbortSignal,
): Promise<object> {
  // "now" is one instant for both sides.
  const now = ctx.now();
  const fixed = { ...ctx, now: () => now };
  const present = ownProfile(await parseQuestion(fixed, asked, sight));
  const { definition: _, ...rest } = asked;
  const proposed = await parseQuestion(fixed, rest, sight, await settingsAfter(ctx, update));
  const { services, total } = await servicesOf(ctx, present, sample);
  return turns.take(ctx.org, signal, async () => {
    const [before, after, pending] = await Promise.all([
      presentNumbers(ctx, within(present, services)),
      proposedNumbers(ctx, within(proposed, services), services, signal),
      pendingWork(ctx),
    ]);
    const { scope, window } = present;
    return {
      scope: { blueprint: scope.blueprint, entity: scope.entity, title: scope.title },
      window: { ...window, from: iso(window.from), to: iso(window.to) },
      services: { total, computed: services.length, rule: services.length < total ? SAMPLE_RULE : null },
      facts: after.facts,
      present: sideOf(present, before),
      proposed: sideOf(proposed, after),
      differences: differences(before.metrics, after.metrics),
      pending: pending.inbox + pending.derivations + pending.changes,
    };
  });
}

interface Numbers {
  readonly metrics: Metrics;
  readonly sources: readonly SourceTally[];
}

const within = (question: Question, services: readonly string[]): Question => ({
  ...question,
  scope: { ...question.scope, services },
});

const sideOf = ({ definition, environments }: Question, { metrics, sources }: Numbers): object => ({
  ...{ definition, environments, metrics, sources },
});

function differences(present: Metrics, proposed: Metrics): object {
  return Object.fromEntries(
    METRICS.map((name) => {
      const [before, after] = [present[name].value, proposed[name].value];
      const delta = before === null || after === null ? null : after - before;
      return [name, { unit: present[name].unit, present: before, proposed: after, delta }];
    }),
  );
}

async function servicesOf(
  ctx: Ctx,
  { scope, settings }: Question,
  sample: number | undefined,
): Promise<{ services: readonly string[]; total: number }> {
  const all = scope.services ?? (await allServices(ctx.db, ctx.org, settings.service.blueprint));
  if (sample !== undefined && sample < all.length) {
    const digest = (service: string): string => createHash("sha256").update(service).digest("hex");
    const chosen = all
      .map((service) => ({ service, key: digest(service) }))
      .sort((left, right) => (left.key < right.key ? -1 : 1))
      .slice(0, sample)
      .map(({ service }) => service);
    return { services: chosen.sort(), total: all.length };
  }
  if (all.length > MAX_SERVICES)
    throw invalid(
      `the scope has ${all.length} services, of which a preview derives ${MAX_SERVICES} at most: name an entity, or give body.sample`,
    );
  return { services: all, total: all.length };
}

async function presentNumbers(ctx: Ctx, question: Question): Promise<Numbers> {
  const { db, org } = ctx;
  const scope = scopeOf(question, question.window.from, question.window.to);
  const [metrics, deployments, shipments, incidents] = await Promise.all([
    ownMetrics(ctx, question),
    countDeployments(db, org, scope),
    countShipments(db, org, scope),
    countIncidents(db, org, scope),
  ]);
  const counts = { deployments, shipments, incidents } as Tallied;
  return { metrics, sources: tallySources(counts) };
}

interface Facts {
  deployments: number;
  changes: number;
  incidents: number;
  commits: number;
}

async function proposedNumbers(
  ctx: Ctx,
  question: Question,
  services: readonly string[],
  client: AbortSignal,
): Promise<Numbers & { facts: Facts }> {
  const { window, environments, thresholds, settings, now, isAsOf } = question;
  const signal = AbortSignal.any([client, AbortSignal.timeout(MAX_MS)]);
  const thread = new PreviewThread(signal);
  const facts: Facts = { deployments: 0, changes: 0, incidents: 0, commits: 0 };
  let read = 0;
  const admit = (count: number): void => {
    read += count;
    if (signal.aborted) throw stopped(client);
    if (read > MAX_FACTS)
      throw invalid(
        `the scope has more than ${MAX_FACTS} deployments, changes, incidents and commits, the most that a preview reads: name an entity, or give a smaller body.sample`,
      );
  };
  try {
    for (const service of services) {
      admit(0);
      const sent = await sendFacts(ctx, settings, service, (message) => thread.send(message), admit);
      for (const key of ["deployments", "changes", "incidents", "commits"] as const) facts[key] += sent[key];
      const spans = question.scope.owned?.filter((one) => one.service === service).map(spanOf) ?? null;
      await thread.ask({ kind: "derive", window, environments, spans });
    }
    const answer = await thread.ask({ kind: "conclude", window, environments, thresholds, now, isAsOf });
    if (answer.kind !== "concluded") throw new Error(`a preview ended with ${answer.kind}`);
    return { metrics: answer.metrics, sources: answer.sources, facts };
  } catch (error) {
    throw signal.aborted ? stopped(client) : error;
  } finally {
    await thread.end();
  }
}

const stopped = (client: AbortSignal): AppError =>
  client.aborted
    ? new AppError("invalid_request", "the preview was cancelled")
    : invalid(`the preview took longer than ${MAX_MS / 1000} seconds: name an entity, or give body.sample`);

/** A worker for one preview: what it holds goes with it. */
class PreviewThread {
  readonly #worker = new Worker(new URL("./preview-thread.ts", import.meta.url));
  #settle: ((answer: FromPreview | Error) => void) | null = null;
  #fault: Error | null = null;

  constructor(signal: AbortSignal) {
    const fail = (error: Error): void => {
      this.#fault ??= error;
      this.#settle?.(this.#fault);
    };
    this.#worker.on("error", fail);
    this.#worker.on("exit", () => fail(new Error("the thread of the preview stopped")));
    this.#worker.on("message", (answer: FromPreview) => this.#settle?.(answer));
    signal.addEventListener("abort", () => void this.#worker.terminate(), { once: true });
  }

  send(message: ToPreview): void {
    this.#worker.postMessage(message);
  }

  ask(message: ToPreview): Promise<FromPreview> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== null) return reject(this.#fault);
      this.#settle = (answer) => {
        this.#settle = null;
        if (answer instanceof Error) reject(answer);
        else if (answer.kind === "failed") reject(new Error(`preview failed: ${answer.message}`));
        else resolve(answer);
      };
      this.#worker.postMessage(message);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
