/** Reads the change feed and marks the services whose numbers a change can touch. */
import type { RoleSettings, RoleSource } from "../../model/dora-roles.ts";
import { TEAM_BLUEPRINT } from "../../model/query-graph.ts";
import { DERIVATION_ACTOR } from "../../model/actor.ts";
import type { Ctx } from "../../storage/context.ts";
import { allServices } from "../../storage/dora-facts.ts";
import { advanceFeed, type FeedRow, readFeedPage } from "../../storage/feed.ts";
import { enqueueEach } from "../../storage/queue.ts";
import { transact } from "../../storage/transact.ts";
import { withSpan } from "../../tracing/span.ts";
import { DERIVE_QUEUE } from "../../storage/queues.ts";
import { type OwnerChange, recordOwners, renameInOwnership } from "../../storage/dora-ownership.ts";
import { renameBlueprintInVerdicts, renameInVerdicts } from "../../storage/dora-incidents.ts";
import { servicesBeside, servicesOfCauses, servicesOfIncidentsNaming } from "./incident-neighbours.ts";
import { followDerived, watchDerived } from "./follow-derived.ts";
import { type EntityLike, servicesOf, textsOf } from "./roles.ts";
import { type DoraSettings, loadSettings } from "./settings.ts";

export const FEED_READER = "dora";
const BATCH = { rows: 1000, bytes: 8_000_000 };
/** Writes come in bursts; a service derived right away would be derived again at once. */
const DELAY_MS = 150;

/** Milliseconds before which each of the services should not be derived again. */
type RestsOf = (ctx: Ctx, services: readonly string[]) => Promise<ReadonlyMap<string, number>>;

/** @returns true when there may be more to read */
export async function followChanges(ctx: Ctx, restsOf: RestsOf): Promise<boolean> {
  return transact(ctx, async (tx) => {
    const settings = await loadSettings(tx);
    const playing = [settings.service, ...sources(settings)].map((source) => source.blueprint);
    playing.push(TEAM_BLUEPRINT);
    const derived = await followDerived(tx, settings);
    await mark(tx, derived.services, restsOf);
    const page = await readFeedPage(tx.db, tx.org, FEED_READER, BATCH, playing);
    const last = page?.rows.at(-1);
    if (page === null || last === undefined) return derived.isMore;
    const { rows } = page;
    const origins = rows.map(({ trace }) => trace);
    await withSpan(
      "follow changes of DORA",
      { attributes: { "fairway.changes": rows.length }, origins },
      () => followRows(tx, rows, last, settings, restsOf),
    );
    return derived.isMore || page.mayBeMore;
  });
}

async function mark(tx: Ctx, services: readonly string[], restsOf: RestsOf): Promise<void> {
  if (services.length === 0) return;
  const rests = await restsOf(tx, [...new Set(services)]);
  const delays = new Map([...rests].map(([service, rest]) => [service, Math.max(DELAY_MS, rest)]));
  await enqueueEach(tx.db, tx.org, DERIVE_QUEUE, delays);
}

async function followRows(
  tx: Ctx,
  rows: readonly FeedRow[],
  last: FeedRow,
  settings: DoraSettings,
  restsOf: RestsOf,
): Promise<void> {
  if (rows.some((row) => changesRoles(row, settings))) await watchDerived(tx, settings);
  await followRenames(tx, rows, settings);
  await followOwners(tx, rows, settings);
  const services = rows.some((row) => changesRoles(row, settings))
    ? await allServices(tx.db, tx.org, settings.service.blueprint)
    : await withNeighbours(tx, rows, settings, [...new Set(rows.flatMap((row) => touched(row, settings)))]);
  await mark(tx, services, restsOf);
  await advanceFeed(tx.db, tx.org, FEED_READER, last);
}

/**
 * A blueprint that plays a role, or that of services, came, went, changed or was renamed: anything may follow from it.
 */
function changesRoles(row: FeedRow, settings: RoleSettings): boolean {
  if (row.kind !== "blueprint") return false;
  const names = new Set([row.blueprint, formerIdentifier(row)].flat());
  const playing = [settings.service, ...sources(settings)];
  return playing.some((source) => names.has(source.blueprint));
}

function touched(row: FeedRow, settings: RoleSettings): string[] {
  // What follows from other changes is no news: those have rows of their own.
  if (row.kind !== "entity" || row.actor === DERIVATION_ACTOR.id) return [];
  if (row.blueprint === settings.service.blueprint && row.identifier !== null)
    return [...new Set([row.identifier, ...formerIdentifier(row)])];
  const states = [row.before, row.after].filter((state): state is EntityLike => state !== null);
  return sources(settings)
    .filter((source) => source.blueprint === row.blueprint)
    .flatMap((source) => states.flatMap((state) => servicesOf(state, source)));
}

/** Of a renamed entity: what was derived under the old identifier must go. Of a blueprint: its name before. */
function formerIdentifier(row: FeedRow): string[] {
  const { identifier } = (row.before ?? {}) as { identifier?: unknown };
  return typeof identifier === "string" ? [identifier] : [];
}

/**
 * A deployment touches the incidents that may be linked to it, and so the other services these name; an incident touches
 * the services of the deployments it names.
 */
async function withNeighbours(
  tx: Ctx,
  rows: readonly FeedRow[],
  settings: DoraSettings,
  services: readonly string[],
): Promise<string[]> {
  const { roles } = settings;
  if (roles.incident.length === 0) return [...services];
  const isOf = (list: readonly RoleSource[]) => (row: FeedRow) =>
    row.kind === "entity" && list.some(({ blueprint }) => blueprint === row.blueprint);
  const statesOf = (row: FeedRow): EntityLike[] =>
    [row.before, row.after].filter((state): state is EntityLike => state !== null);
  const deployments = rows.filter(isOf(roles.deployment));
  const incidents = rows.filter(isOf(roles.incident));
  const deployed = deployments.flatMap((row) => statesOf(row).map(({ identifier }) => identifier));
  const causes = roles.incident.flatMap((source) =>
    incidents
      .filter(({ blueprint }) => blueprint === source.blueprint)
      .flatMap((row) => statesOf(row).flatMap((state) => textsOf(state, source.fields["causedBy"]))),
  );
  const judged = incidents.flatMap((row) =>
    statesOf(row).map(({ identifier }) => ({ blueprint: row.blueprint ?? "", id: identifier })),
  );
  return [
    ...services,
    ...(deployments.length === 0 ? [] : await servicesBeside(tx, settings, services)),
    ...(await servicesOfIncidentsNaming(tx, settings, deployed)),
    ...(await servicesOfCauses(tx, settings, causes, judged)),
  ];
}

/** An entity that plays a role got another identifier: what users decided goes with it. */
async function followRenames(tx: Ctx, rows: readonly FeedRow[], { roles }: RoleSettings): Promise<void> {
  for (const row of rows) {
    if (row.blueprint === null) continue;
    const [from] = formerIdentifier(row);
    if (from === undefined) continue;
    if (row.kind === "blueprint") {
      const { identifier: to } = (row.after ?? {}) as { identifier?: unknown };
      if (typeof to === "string" && to !== from) await renameBlueprintInVerdicts(tx.db, tx.org, from, to);
      continue;
    }
    if (row.kind !== "entity" || row.identifier === null || row.identifier === from || row.after === null)
      continue;
    const rename = { blueprint: row.blueprint, from, to: row.identifier };
    for (const role of ["incident", "deployment"] as const)
      if (roles[role].some(({ blueprint }) => blueprint === row.blueprint))
        await renameInVerdicts(tx.db, tx.org, rename, role);
  }
}

/** Numbers of a team are about what it owned on the day of each event: what it owned is kept. */
async function followOwners(tx: Ctx, rows: readonly FeedRow[], { service }: RoleSettings): Promise<void> {
  const changes: OwnerChange[] = [];
  const teams = new Map(
    rows.flatMap((row) =>
      row.blueprint === TEAM_BLUEPRINT && row.identifier !== null
        ? formerIdentifier(row).map((from) => [from, row.identifier as string] as const)
        : [],
    ),
  );
  for (const row of rows) {
    if (row.kind !== "entity" || row.identifier === null || row.before === null || row.after === null)
      continue;
    const [from] = formerIdentifier(row);
    if (from !== undefined && from !== row.identifier) {
      if (row.blueprint === service.blueprint)
        await renameInOwnership(tx.db, tx.org, "service", from, row.identifier);
      if (row.blueprint === TEAM_BLUEPRINT)
        await renameInOwnership(tx.db, tx.org, "team", from, row.identifier);
    }
    if (row.blueprint !== service.blueprint) continue;
    // A team under another name is no other owner.
    const [before, after] = [row.before, row.after].map((state) =>
      ownersOf(state)
        .map((name) => teams.get(name) ?? name)
        .sort(),
    ) as [string[], string[]];
    if (before.join("\u0000") !== after.join("\u0000"))
      changes.push({ service: row.identifier, at: row.at, before, after });
  }
  await recordOwners(tx.db, tx.org, changes);
}

function ownersOf(state: unknown): string[] {
  const { team } = state as { team?: unknown };
  return Array.isArray(team) ? team.filter((name) => typeof name === "string") : [];
}

function sources({ roles }: RoleSettings): RoleSource[] {
  return [...roles.deployment, ...roles.change, ...roles.incident];
}
