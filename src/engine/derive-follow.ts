/** Reads the change feed, and marks what changes of entities and definitions touch. */
import { DERIVATION_ACTOR } from "../model/actor.ts";
import type { Ctx } from "../storage/context.ts";
import { requestRebuild } from "../storage/derived-units.ts";
import { markRoots } from "../storage/derived-walk.ts";
import { areComparable, changedSinceCreated } from "../storage/derived-creations.ts";
import { advanceFeed, type FeedRow } from "../storage/feed.ts";
import { type FeedPiece, readFeedPiece } from "../storage/feed-range.ts";
import { transact } from "../storage/transact.ts";
import { withSpan } from "../tracing/span.ts";
import { CollectTime } from "./collect-time.ts";
import { outdatedCreations } from "./check-created.ts";
import { areOutdated, type Derivations } from "./derivations.ts";
import { costOf } from "./derive-batch.ts";
import { markDeltas } from "./derive-deltas.ts";
import type { Sensor } from "./derive-sensors.ts";
import { shareOf } from "./derive-share.ts";
import { isTouched, losesValues, objectOf, targetsOf } from "./feed-touches.ts";
import { pauses } from "./pauses.ts";
import { RestedRoots } from "./rested-roots.ts";
import { scoresUseClock } from "./score-entity.ts";

export const DERIVE_READER = "derive";
/** Of the change feed at once. */
const BATCH = { rows: 4000, bytes: 8_000_000 };
/** … where writes come at full speed. */
const PRESSED_BATCH = { rows: 8000, bytes: 8_000_000 };
/** Of an entity that costs much to compute, changes are collected for so many times as long. */
const PATIENCE = 10;
const MAX_DELAY_MS = 30_000;
/** Changes are collected for as long where writes come at full speed: what is computed then stands for many of them. */
const PRESSED_MS = 10_000;

/** By unit. */
const collectTimes = new Map<string, CollectTime>();

function collectTimeOf(unit: string): CollectTime {
  const known = collectTimes.get(unit) ?? new CollectTime();
  collectTimes.set(unit, known);
  return known;
}

/** By organisation and unit. */
const restedRoots = new Map<string, RestedRoots>();

function restedRootsOf(org: string, { blueprint, name }: Sensor["unit"]): RestedRoots {
  const key = JSON.stringify([org, blueprint, name]);
  const known = restedRoots.get(key) ?? new RestedRoots();
  restedRoots.set(key, known);
  return known;
}

export interface FollowOptions {
  /** Writes come in bursts; an aggregation computed right away would be computed again at once. */
  readonly delayMs: number;
  /** From 0 to 1: how hard the change feed is written. */
  readonly pressure?: number;
}

/** What one look at the change feed found. */
export interface Look {
  readonly changes: number;
  readonly mayBeMore: boolean;
  /** When the last of them was written; null: there was none. */
  readonly upTo: Date | null;
}

const NOTHING: Look = { changes: 0, mayBeMore: false, upTo: null };

/** What another process applies since reads the changed entities too: they are looked at again, as it sees them. */
class Outdated extends Error {
  readonly look: Look;
  constructor(look: Look) {
    super("definitions changed meanwhile");
    this.look = look;
  }
}

export async function followDerivations(
  ctx: Ctx,
  derivations: Derivations,
  options: FollowOptions,
): Promise<Look> {
  try {
    return await transact(ctx, (tx) => follow(tx, derivations, options));
  } catch (error) {
    // Nothing is kept of it: what changes mean to a root would be added once more by the next look.
    if (error instanceof Outdated) return { ...error.look, mayBeMore: true };
    throw error;
  }
}

async function follow(tx: Ctx, derivations: Derivations, options: FollowOptions): Promise<Look> {
  const batch = (options.pressure ?? 0) > 0 ? PRESSED_BATCH : BATCH;
  const piece = await readFeedPiece(tx.db, tx.org, DERIVE_READER, batch, {
    documentsOf: [...derivations.sensors.keys()],
    creationsOf: quietCreations(derivations),
    exceptActor: DERIVATION_ACTOR.id,
  });
  if (piece === null) return NOTHING;
  const attributes = { "fairway.changes": piece.changes };
  await withSpan("follow changes", { attributes, origins: piece.traces }, () =>
    followPiece(tx, derivations, piece, options),
  );
  const look = { changes: piece.changes, mayBeMore: piece.mayBeMore, upTo: piece.at };
  if (await areOutdated(tx, derivations)) throw new Outdated(look);
  await advanceFeed(tx.db, tx.org, DERIVE_READER, piece.upTo);
  return look;
}

/** Changes of entities of a blueprint that tell what they mean to a unit. */
interface Told {
  /** All creations, which were not sent. */
  creations: number;
  readonly seqs: Set<number>;
}

async function followPiece(
  tx: Ctx,
  derivations: Derivations,
  piece: FeedPiece,
  { delayMs, pressure = 0 }: FollowOptions,
): Promise<void> {
  const { rows } = piece;
  const pause = pauses();
  const starts = new Map<Sensor, Set<string>>();
  const told = new Map<Sensor["unit"], Told>();
  const created = new Map<Sensor, FeedRow[]>();
  for (const row of rows) {
    await pause();
    if (row.kind !== "entity" || row.blueprint === null) continue;
    for (const sensor of derivations.sensors.get(row.blueprint) ?? [])
      if (row.action !== "CREATE" || !isWrittenWith(sensor, derivations)) collect(sensor, row, starts, told);
      else if (sensor.any) {
        const known = created.get(sensor);
        if (known === undefined) created.set(sensor, [row]);
        else known.push(row);
      }
  }
  for (const [blueprint, n] of piece.creations)
    for (const sensor of derivations.sensors.get(blueprint) ?? [])
      if (sensor.tells) toldOf(told, sensor.unit).creations = n;
      else if (sensor.any) {
        const { mirrors } = derivations.own.get(blueprint) ?? { mirrors: [] };
        const changed = await changedSinceCreated(
          tx.db,
          tx.org,
          blueprint,
          mirrors,
          piece,
          DERIVATION_ACTOR.id,
        );
        starts.set(sensor, new Set([...(starts.get(sensor) ?? []), ...changed]));
      }
  const now = tx.now();
  for (const [sensor, some] of created) {
    const known = starts.get(sensor) ?? new Set<string>();
    for (const one of await outdatedCreations(tx, derivations, sensor.blueprint, some)) known.add(one);
    starts.set(sensor, known);
  }
  for (const [unit, some] of told)
    if (unit.kind === "agg") {
      const cost = costOf(unit, false);
      const steady = performance.now();
      const { creations, seqs } = some;
      const load = collectTimeOf(unit.name).after(creations + seqs.size, cost, steady);
      const patience = Math.min(MAX_DELAY_MS, cost * PATIENCE + Math.max(load, pressure * PRESSED_MS));
      const source = {
        ...{ range: piece, exceptActor: DERIVATION_ACTOR.id },
        ...{ creations: creations > 0, seqs: [...seqs] },
      };
      await markDeltas(tx, derivations, unit, source, {
        soon: after(now, delayMs),
        late: after(now, delayMs === 0 ? 0 : delayMs + patience),
        rested: (roots) => restedRootsOf(tx.org, unit).take(roots, cost, steady, shareOf(pressure, 0)),
      });
    }
  const whole = new Map<string, { blueprint: string; unit: string }>();
  for (const [{ unit, hops, start }, ends] of starts) {
    const target = { blueprint: unit.blueprint, unit: unit.name, level: unit.level };
    const patience = Math.min(MAX_DELAY_MS, costOf(unit, true) * PATIENCE);
    // A write brings its own mirrors and calculations with it.
    const delay = unit.kind === "agg" && delayMs > 0 ? delayMs + patience : 0;
    const at = after(now, Math.max(delay, pressure * PRESSED_MS));
    if (start === null) whole.set(`${unit.blueprint}\n${unit.name}`, target);
    else await markRoots(tx.db, tx.org, target, [...ends], hops, at);
  }
  const edited = new Set(rows.filter(losesValues).map((row) => row.blueprint));
  for (const sensor of [...derivations.sensors.values()].flat()) {
    const { blueprint, name } = sensor.unit;
    if (edited.has(sensor.blueprint) || edited.has(blueprint))
      whole.set(`${blueprint}\n${name}`, { blueprint, unit: name });
  }
  await requestRebuild(tx.db, tx.org, [...whole.values()], now);
}

/** By definitions. */
const quiet = new WeakMap<Derivations, readonly string[]>();

/** Blueprints of which creations need not be sent: the database finds out what they mean. */
function quietCreations(derivations: Derivations): readonly string[] {
  const known = quiet.get(derivations);
  if (known !== undefined) return known;
  const { sensors, own: ownOf, blueprints } = derivations;
  const found = [...blueprints.keys()].filter((blueprint) => {
    const { owners, mirrors } = ownOf.get(blueprint) ?? { owners: null, mirrors: [] };
    const isCompared = owners === null && areComparable(mirrors);
    return (sensors.get(blueprint) ?? []).every(
      (sensor) => sensor.tells || (isWrittenWith(sensor, derivations) && (isCompared || !sensor.any)),
    );
  });
  quiet.set(derivations, found);
  return found;
}

function toldOf(told: Map<Sensor["unit"], Told>, unit: Sensor["unit"]): Told {
  const known = told.get(unit) ?? { creations: 0, seqs: new Set() };
  told.set(unit, known);
  return known;
}

/** The values of the changed entity itself, which came with the write, and which no clock changes. */
function isWrittenWith({ unit, start, hops }: Sensor, { own, blueprints }: Derivations): boolean {
  if (unit.kind !== "own" || start !== "self" || hops.length > 0) return false;
  const plan = blueprints.get(unit.blueprint);
  if (plan !== undefined && scoresUseClock(plan)) return false;
  return own.get(unit.blueprint)?.calculations.every(({ usesClock }) => !usesClock) === true;
}

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

/** Adds where the way back from the change begins, or the change itself where it tells what it means. */
function collect(
  sensor: Sensor,
  row: FeedRow,
  starts: Map<Sensor, Set<string>>,
  told: Map<Sensor["unit"], Told>,
): void {
  const before = row.before === null ? null : objectOf(row.before);
  const after = row.after === null ? null : objectOf(row.after);
  const isRenamed = before !== null && after !== null && before["identifier"] !== after["identifier"];
  const isLife = before === null || after === null || isRenamed;
  if (!(isRenamed && sensor.name) && !isTouched(sensor, before ?? {}, after ?? {}, isLife)) return;
  const { start, hops, life, any } = sensor;
  // Nothing points at what has just come, and what pointed at what went has a change of its own.
  if (start === "self" && hops.length > 0 && isLife && !isRenamed && !life && !any) return;
  // Relations follow a new name, of which the change of the entity says nothing.
  if (sensor.tells && !isRenamed) {
    toldOf(told, sensor.unit).seqs.add(row.seq);
    return;
  }
  const ends =
    start === null || start === "self"
      ? [row.identifier, before?.["identifier"]]
      : [...targetsOf(before, start.relation), ...targetsOf(after, start.relation)];
  const known = starts.get(sensor) ?? new Set<string>();
  for (const end of ends) if (typeof end === "string") known.add(end);
  starts.set(sensor, known);
}
