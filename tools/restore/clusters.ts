/** Servers of PostgreSQL that a backup is restored into, and the programs that make and restore it, as docs/operations.md says. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { appendFileSync, chownSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";

const START_MS = 60_000;

export interface Place {
  /** The programs of PostgreSQL. */
  readonly bin: string;
  /** PostgreSQL does not run as root: who owns the throw-away server, and owns the others. */
  readonly owner: { readonly uid: number; readonly gid: number };
  readonly folder: string;
}

export interface Cluster {
  /** Of one of its databases. */
  url(database: string): string;
  stop(): Promise<void>;
}

/** @param restart the script that starts the throw-away server again; its data are beside it */
export function placeOf(bin: string, restart: string, folder: string): Place {
  const { uid, gid } = statSync(join(dirname(restart), "data"));
  chownSync(folder, uid, gid);
  return { bin, owner: { uid, gid }, folder };
}

/** A program of PostgreSQL as whoever restores runs it. @throws with what it said */
export async function run(place: Place, program: string, ...args: readonly string[]): Promise<void> {
  const { HOME, PATH } = process.env;
  await promisify(execFile)(join(place.bin, program), args, {
    ...place.owner,
    cwd: place.folder,
    env: { HOME, PATH },
  });
}

export const withClient = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** The log of what is written is copied away from now on. @returns where to */
export async function archive(place: Place, serverUrl: string, restart: string): Promise<string> {
  const folder = join(place.folder, "archive");
  mkdirSync(folder);
  chownSync(folder, place.owner.uid, place.owner.gid);
  await withClient(serverUrl, async (client) => {
    await client.query("alter system set archive_mode = on");
    await client.query(
      `alter system set archive_command = ${client.escapeLiteral(`test ! -f ${folder}/%f && cp %p ${folder}/%f`)}`,
    );
  });
  await promisify(execFile)(restart, []);
  return folder;
}

/** Waits until everything that was written before is in the archive. */
export async function archived(serverUrl: string): Promise<void> {
  await withClient(serverUrl, async (client) => {
    const name = "select pg_walfile_name(pg_switch_wal()) as name";
    const { rows } = await client.query<{ name: string }>(name);
    for (const end = Date.now() + START_MS; Date.now() < end; await sleep(100)) {
      const state = await client.query<{ last: string | null }>(
        "select last_archived_wal as last from pg_stat_archiver",
      );
      if ((state.rows[0]?.last ?? "") >= (rows[0]?.name ?? "")) return;
    }
    throw new Error(`the log was not archived after ${START_MS} ms`);
  });
}

/** An empty server: its transaction ids begin anew. */
export async function emptyCluster(place: Place, name: string, like: URL, port: number): Promise<Cluster> {
  const data = join(place.folder, name);
  const password = join(place.folder, `${name}.password`);
  writeFileSync(password, `${decodeURIComponent(like.password)}\n`, { mode: 0o600 });
  chownSync(password, place.owner.uid, place.owner.gid);
  const who = ["-U", decodeURIComponent(like.username), "-A", "scram-sha-256", "--pwfile", password];
  await run(place, "initdb", "-D", data, ...who, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
  return start(place, data, like, port);
}

/** What a base backup and the archive have, to the moment: it is made a server of its own then. */
export async function recoveredCluster(
  place: Place,
  { base, from, until }: { readonly base: string; readonly from: string; readonly until: string },
  like: URL,
  port: number,
): Promise<Cluster> {
  writeFileSync(join(base, "recovery.signal"), "");
  appendFileSync(
    join(base, "postgresql.auto.conf"),
    `\nrestore_command = 'cp ${from}/%f %p'\nrecovery_target_time = '${until}'\nrecovery_target_action = 'promote'\narchive_mode = off\n`,
  );
  return start(place, base, like, port);
}

async function start(place: Place, data: string, like: URL, port: number): Promise<Cluster> {
  const settings = [
    ...[`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"],
    // A server that recovers has to allow at least as many connections as the one it comes from.
    ...["max_connections=200", "logging_collector=off"],
  ];
  const args = ["-D", data, ...settings.flatMap((one) => ["-c", one])];
  const child = spawn(join(place.bin, "postgres"), args, {
    ...{ ...place.owner, stdio: ["ignore", "ignore", "pipe"] },
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said = `${said}${text}`.slice(-4000)));
  const url = (database: string): string => {
    const address = new URL(like);
    address.port = String(port);
    address.pathname = `/${database}`;
    return address.href;
  };
  await untilItWrites(url("postgres"), child, () => said);
  return {
    url,
    stop: async () => {
      const ended = new Promise((resolve) => child.once("close", resolve));
      // Without waiting for anybody, as it is thrown away.
      child.kill("SIGQUIT");
      await ended;
    },
  };
}

async function untilItWrites(url: string, child: ChildProcess, said: () => string): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end && child.exitCode === null; await sleep(100))
    try {
      const query = "select pg_is_in_recovery() as recovers";
      const { rows } = await withClient(url, (client) => client.query<{ recovers: boolean }>(query));
      if (rows[0]?.recovers === false) return;
    } catch {
      // It starts, or recovers.
    }
  child.kill("SIGKILL");
  throw new Error(`PostgreSQL did not start: ${said()}`);
}
