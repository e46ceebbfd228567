/** Everything that only the database knows, one question after the other; one that fails does not hide the rest. */
import { pendingDerivations } from "../engine/derivation.ts";
import { SYSTEM_ACTOR } from "../model/actor.ts";
import { type Database, type Db } from "../storage/db.ts";
import {
  failedEvents,
  failingJobs,
  firstOrganization,
  sourceConditions,
  underivable,
  withReader,
} from "../storage/doctor-reads.ts";
import { feedLags } from "../storage/feed.ts";
import { migrationState } from "../storage/migrate.ts";
import { queueStates } from "../storage/queue.ts";
import { checkMigrations, checkServer } from "./check-database.ts";
import { checkSecrets, type Keys } from "./check-secrets.ts";
import { checkEvents, checkSources } from "./check-sources.ts";
import { checkDerivation, checkUnderivable, checkWork } from "./check-work.ts";
import { attempt, type Finding, notChecked } from "./finding.ts";

/** A statement is given up before the question that it belongs to is. */
const STATEMENT_MS = 10_000;
const LIMIT_MS = 25_000;
const SHOWN_JOBS = 5;
const MAX_LAG = 10_000;
const DAY_MS = 86_400_000;
const log = { debug: silent, info: silent, warn: silent, error: silent };

function silent(): void {}

type Look = (id: string, ask: (db: Db) => Promise<readonly Finding[]>) => Promise<void>;

/** @param keys null: there is no secret key to try */
export async function checkDatabaseContent(
  database: Database,
  keys: Keys | null,
  now: Date,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  // A connection each: of the embedded database the thread is ended with a statement that takes too long.
  const reader = <T>(ask: (db: Db) => Promise<T>): Promise<T> => withReader(database, STATEMENT_MS, ask);
  const look: Look = async (id, ask) => {
    findings.push(...(await attempt(id, LIMIT_MS, () => reader(ask))));
  };
  await look("database.version", (db) => checkServer(database.kind, db));
  let isCurrent = false;
  await look("database.migrations", async (db) => {
    const state = await migrationState({ kysely: db });
    isCurrent = state.newest !== null && state.pending.length === 0 && state.newer.length === 0;
    return [checkMigrations(state)];
  });
  const org = isCurrent ? await reader(firstOrganization).catch(() => null) : null;
  if (org === null) {
    const because = isCurrent
      ? "no server has been started on this database yet"
      : "the tables are not those of this version";
    return [
      ...findings,
      ...["secrets.open", "work.queues", "derivation.lag", "sources.runs", "mappings.events"].map((id) =>
        notChecked(id, because),
      ),
    ];
  }
  await look("secrets.open", async (db) =>
    keys === null
      ? [notChecked("secrets.open", "there is no secret key in the settings or the data folder")]
      : checkSecrets(db, org, keys),
  );
  await lookAtWork(org, now, look);
  return findings;
}

async function lookAtWork(org: string, now: Date, look: Look): Promise<void> {
  await look("work.queues", async (db) =>
    checkWork({
      queues: await queueStates(db, org),
      feeds: await feedLags(db, org, MAX_LAG),
      failing: await failingJobs(db, org, SHOWN_JOBS),
    }),
  );
  await look("derivation.lag", async (db) => {
    const { waiting, rebuilding } = await pendingDerivations({
      ...{ db, org, actor: SYSTEM_ACTOR, now: () => now, log },
    });
    return [checkDerivation(waiting, rebuilding), checkUnderivable(await underivable(db, org))];
  });
  await look("sources.runs", async (db) => checkSources(await sourceConditions(db, org), now));
  await look("mappings.events", async (db) =>
    checkEvents(await failedEvents(db, org, new Date(now.getTime() - DAY_MS))),
  );
}
