/** Keeps who moved between the levels of scorecards: from the change feed, and where a level changes without a row in it. */
import { isObject, type JsonObject } from "../model/json.ts";
import type { ScorecardPlan } from "../model/scorecard.ts";
import { type StoredScore, storedScores } from "../model/scores.ts";
import type { Ctx } from "../storage/context.ts";
import { isRebuilding } from "../storage/derived-units.ts";
import { advanceFeed, type FeedRow, readFeedPage } from "../storage/feed.ts";
import {
  keepFirstLevels,
  keepMoves,
  type LevelMove,
  renameMoves,
  renameScorecardMoves,
} from "../storage/level-history.ts";
import { transact } from "../storage/transact.ts";
import { currentDerivations, type Derivations } from "./derivations.ts";
import type { Outcome } from "./derive-values.ts";

const READER = "levels";
/** Entities with thousands of rules are hundreds of kilobytes each, twice. */
const BATCH = { rows: 500, bytes: 8_000_000 };

/** Reads on in the change feed. @returns true when there may be more */
export async function followLevels(ctx: Ctx): Promise<boolean> {
  const { blueprints } = await currentDerivations(ctx);
  const scored = [...blueprints.values()].filter(({ scorecards }) => scorecards.length > 0);
  const names = new Set(scored.map(({ identifier }) => identifier));
  return transact(ctx, async (tx) => {
    const page = await readFeedPage(tx.db, tx.org, READER, BATCH, [...names]);
    const last = page?.rows.at(-1);
    if (page === null || last === undefined) return false;
    let run: FeedRow[] = [];
    for (const row of page.rows) {
      const isOfEntity = row.kind === "entity" && names.has(row.blueprint ?? "");
      if (!isOfEntity && row.kind !== "scorecard") continue;
      // What comes or gets another name stands between other changes: the order of these runs counts.
      if (run[0] !== undefined && kindOf(run[0]) !== kindOf(row)) {
        await keepRun(tx, run);
        run = [];
      }
      run.push(row);
    }
    await keepRun(tx, run);
    await advanceFeed(tx.db, tx.org, READER, last);
    return page.mayBeMore;
  });
}

function kindOf({ kind, action, before, identifier }: FeedRow): "SCORECARD" | "CREATE" | "RENAME" | "OTHER" {
  if (kind === "scorecard") return "SCORECARD";
  if (action === "CREATE") return "CREATE";
  return action === "UPDATE" && objectOf(before)["identifier"] !== identifier ? "RENAME" : "OTHER";
}

/** @param run all of one kind */
async function keepRun({ db, org }: Ctx, run: readonly FeedRow[]): Promise<void> {
  const [first] = run;
  if (first === undefined) return;
  if (kindOf(first) === "SCORECARD") {
    for (const row of run) await followScorecard({ db, org }, row);
    return;
  }
  if (kindOf(first) === "RENAME")
    for (const { blueprint, identifier, before } of run)
      if (blueprint !== null && identifier !== null)
        await renameMoves(
          db,
          org,
          { blueprint, identifier: String(objectOf(before)["identifier"]) },
          new Date(String(objectOf(before)["createdAt"])),
          identifier,
        );
  const moves = run.flatMap(movesOf);
  await (kindOf(first) === "CREATE" ? keepFirstLevels : keepMoves)(db, org, moves);
}

/**
 * What is known of the levels of a scorecard that is gone goes too; one that got another identifier keeps it. Here, between the changes of
 * entities, and not where the definition is written: moves before it would come afterwards under the name that is over.
 */
async function followScorecard(
  { db, org }: Pick<Ctx, "db" | "org">,
  { action, blueprint, identifier, before, at }: FeedRow,
): Promise<void> {
  const from = objectOf(before)["identifier"];
  if (blueprint === null || identifier === null || typeof from !== "string") return;
  const to = action === "DELETE" ? null : identifier;
  if (to !== from) await renameScorecardMoves(db, org, { blueprint, from, to, at });
}

function movesOf({ blueprint, identifier, before, after, at }: FeedRow): LevelMove[] {
  if (blueprint === null || identifier === null) return [];
  const [was, is] = [scoresIn(before), scoresIn(after)];
  const since = new Date(String(objectOf(after ?? before)["createdAt"]));
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((scorecard): LevelMove[] => {
    const [old, now] = [objectOf(was[scorecard]), objectOf(is[scorecard])];
    const levels = { before: levelIn(old), after: levelIn(now) };
    const turned = turnedBetween(statusesIn(old), statusesIn(now));
    if (levels.before === levels.after && turned.length === 0) return [];
    return [{ blueprint, identifier, scorecard, at, since, ...levels, turned }];
  });
}

const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
const scoresIn = (state: unknown): JsonObject => objectOf(objectOf(state)["scorecards"]);
const levelIn = ({ level }: JsonObject): string | null => (typeof level === "string" ? level : null);

function statusesIn({ rules }: JsonObject): ReadonlyMap<string, unknown> {
  const list = Array.isArray(rules) ? rules.filter(isObject) : [];
  return new Map(list.map(({ identifier, status }) => [String(identifier), status]));
}

/** Rules that were asked before and after. */
function turnedBetween(was: ReadonlyMap<string, unknown>, is: ReadonlyMap<string, unknown>): string[] {
  return [...is].flatMap(([rule, status]) => (was.has(rule) && was.get(rule) !== status ? [rule] : []));
}

/** Levels that changed without a row in the change feed, in the transaction that writes them. */
export async function keepQuietLevels(
  tx: Ctx,
  { blueprints }: Derivations,
  unit: { readonly blueprint: string; readonly unit: string },
  done: readonly Outcome[],
  at: Date,
): Promise<void> {
  const scorecards = blueprints.get(unit.blueprint)?.scorecards ?? [];
  if (scorecards.length === 0) return;
  const moves = done
    .filter(({ change }) => change === null)
    .flatMap(({ derived, versioned: { entity } }) => {
      const [was, is] = [storedScores(entity.derived), storedScores(derived ?? {})];
      return scorecards.flatMap((scorecard) => {
        const key = { ...entity, scorecard: scorecard.identifier };
        const move = quietMove(scorecard, was[scorecard.identifier], is[scorecard.identifier]);
        return move === null ? [] : [{ ...pick(key), ...move, at }];
      });
    });
  const first = moves.some(({ before }) => before === null);
  // What a new scorecard says first is what it is since the scorecard came: a million rows would say no more.
  const isFirst = first && (await isRebuilding(tx.db, tx.org, unit));
  await keepMoves(tx.db, tx.org, isFirst ? moves.filter(({ before }) => before !== null) : moves);
}

function pick(key: { blueprint: string; identifier: string; scorecard: string; createdAt: Date }) {
  const { blueprint, identifier, scorecard, createdAt } = key;
  return { blueprint, identifier, scorecard, since: createdAt };
}

function quietMove(
  { rules, shape }: ScorecardPlan,
  was: StoredScore | undefined,
  is: StoredScore | undefined,
): Pick<LevelMove, "before" | "after" | "turned"> | null {
  // Of another shape: computed by a process that knows other definitions, which will be done again.
  if (is !== undefined && is.h !== shape) return null;
  const levels = { before: was?.l ?? null, after: is?.l ?? null };
  const isComparable = was !== undefined && is !== undefined && was.h === is.h;
  const turned = isComparable
    ? rules.flatMap(({ identifier }, i) => (was.r[i] === is.r[i] ? [] : [identifier]))
    : [];
  return levels.before === levels.after && turned.length === 0 ? null : { ...levels, turned };
}
