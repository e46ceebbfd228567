/** `fairway backup` asks the running server for a copy of the embedded database and the keys. */
import { setTimeout as sleep } from "node:timers/promises";
import { CliError, exitCode, type ExitCode } from "../cli-error.ts";
import type { ApiClient } from "../client.ts";
import type { Output } from "./dora.ts";

interface Backup {
  readonly folder: string;
  readonly bytes: number;
  readonly hasKey: boolean;
}

export interface BackupOptions {
  /** How many are left afterwards. */
  readonly keep?: number | undefined;
}

const POLL_MS = 2000;

/**
 * Makes a backup on the server's machine and says where. It is asked for once: a large database takes longer to copy than
 * one request may last, and then it is looked for until it is there.
 * @param once sends each request one time
 * @param client waits for a server that restarts
 */
export async function backupCommand(
  { once, client }: { readonly once: ApiClient; readonly client: ApiClient },
  options: BackupOptions,
  output: Output,
  pollMs = POLL_MS,
): Promise<ExitCode> {
  const before = new Set((await listed(client)).backups.map(({ folder }) => folder));
  let backup: Backup;
  try {
    const path = options.keep === undefined ? "/v1/backups" : `/v1/backups?keep=${options.keep}`;
    ({ backup } = (await once.post(path, {})) as unknown as { readonly backup: Backup });
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== "unreachable") throw error;
    backup = await awaited(client, before, pollMs);
  }
  if (output.json) output.write(JSON.stringify({ ok: true, backup }, null, 2));
  else {
    output.write(`${backup.folder}  (${(backup.bytes / 1e6).toFixed(1)} MB)`);
    output.write("Copy the folder to another machine; it holds the keys.");
    if (!backup.hasKey)
      output.write("FAIRWAY_SECRET_KEY is a setting of the server and not in it: keep it yourself.");
  }
  return exitCode.ok;
}

async function listed(client: ApiClient): Promise<{ isMaking: boolean; backups: readonly Backup[] }> {
  return (await client.get("/v1/backups")) as unknown as { isMaking: boolean; backups: readonly Backup[] };
}

async function awaited(client: ApiClient, before: ReadonlySet<string>, pollMs: number): Promise<Backup> {
  for (;;) {
    const { isMaking, backups } = await listed(client);
    const made = backups.find(({ folder }) => !before.has(folder));
    if (made !== undefined) return made;
    if (!isMaking)
      throw new CliError(
        exitCode.failure,
        "no_backup",
        "the server did not finish the backup: it was restarted, or failed",
        "its log says why; then run fairway backup again",
      );
    await sleep(pollMs);
  }
}
