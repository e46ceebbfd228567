/** The read replica, if there is one: does it answer, is it one, how far is it behind. */
import { openReplica } from "../storage/db.ts";
import { replicaState } from "../storage/doctor-reads.ts";
import { attempt, failed, type Finding, ok, reasonOf, spanText, warning } from "./finding.ts";

const ID = "database.replica";
const LIMIT_MS = 5000;
/** Pages that are told of changes find it behind, and ask the database itself. */
const LATE_SECONDS = 30;

/** @param url of DATABASE_REPLICA_URL; null: there is none */
export async function checkReplica(url: string | null): Promise<readonly Finding[]> {
  if (url === null) return [];
  const replica = openReplica(url, () => undefined);
  try {
    return await attempt(ID, LIMIT_MS, async () => {
      const state = await replicaState(replica.kysely).catch((error: unknown) => reasonOf(error));
      return [typeof state === "string" ? away(state) : judge(state)];
    });
  } finally {
    // One that hangs is not waited for.
    void replica.close().catch(() => undefined);
  }
}

const away = (reason: string): Finding =>
  warning(
    ID,
    `the read replica does not answer: ${reason}`,
    "pages are answered by the database itself, which has to do the work of both",
    "look at DATABASE_REPLICA_URL (host, port, user, password, name), and whether it runs with hot_standby = on",
  );

/** @param lateSeconds since what it replayed last was written, while there is more to replay; null: nothing was replayed */
export function judge(state: { readonly isReplica: boolean; readonly lateSeconds: number | null }): Finding {
  const { isReplica, lateSeconds } = state;
  if (!isReplica)
    return failed(
      ID,
      "DATABASE_REPLICA_URL does not lead to a replica",
      "it is never asked, and pages are answered by the database itself",
      "let it lead to a streaming replica of the database, or unset it",
    );
  if (lateSeconds !== null && lateSeconds > LATE_SECONDS)
    return warning(
      ID,
      `the read replica is ${spanText(lateSeconds)} behind`,
      "pages are answered by the database itself until it has caught up",
      "look at pg_stat_replication on the primary and at pg_stat_activity on the replica: long reads there hold it up (max_standby_streaming_delay)",
    );
  return ok(ID, "the read replica answers and keeps up");
}
