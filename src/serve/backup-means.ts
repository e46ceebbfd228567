import { basename } from "node:path";
import type { BackupDeps } from "../http/routes/backups.ts";
import { AppError } from "../model/error.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import { backupState, makeBackup } from "../storage/backup.ts";
import type { Ctx } from "../storage/context.ts";
import type { Database } from "../storage/db.ts";

export interface BackupPlace {
  /** The organisation of the server. */
  readonly org: string;
  readonly now: () => Date;
  readonly dataDir: string;
  readonly version: string;
}

/** Backups hold everything, keys included: they are for the organisation of the server, and the audit log names each. */
export function backupMeans(
  database: Database,
  { org, now, dataDir, version }: BackupPlace,
): Pick<BackupDeps, "backup" | "backups"> {
  const requireOwn = (asking: Ctx): void => {
    if (asking.org !== org) throw new AppError("forbidden", "the database is that of another organisation");
  };
  return {
    backup: async (asking, keep) => {
      requireOwn(asking);
      const made = await makeBackup(database, { dataDir, version, now: now(), keep });
      const identifier = basename(made.folder);
      await appendAuditEvents(asking, [{ kind: "backup", action: "CREATE", identifier }]);
      return made;
    },
    backups: (asking) => {
      requireOwn(asking);
      return backupState(dataDir);
    },
  };
}
