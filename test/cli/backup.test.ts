/** A backup that takes longer than one request lasts. */
import { expect, test } from "vitest";
import { CliError } from "../../src/cli/cli-error.ts";
import type { ApiClient } from "../../src/cli/client.ts";
import { backupCommand } from "../../src/cli/commands/backup.ts";
import { createStyle } from "../../src/cli/style.ts";

const OLD = { folder: "/data/backups/old", bytes: 1, hasKey: true };
const NEW = { folder: "/data/backups/new", bytes: 2e9, hasKey: true };

/** A server whose answer to the wish is lost, and that says these one after the other when it is asked. */
function lateServer(...states: readonly object[]) {
  const posted: string[] = [];
  const left = [...states];
  const unused = (): never => {
    throw new Error("not asked for");
  };
  const client: ApiClient = {
    ...{ page: "", patch: unused, put: unused, postText: unused, parting: unused },
    get: () => Promise.resolve((left.length > 1 ? left.shift() : left[0]) as Record<string, unknown>),
    post: (path) => {
      posted.push(path);
      return Promise.reject(new CliError(3, "unreachable", "no answer"));
    },
  };
  return { clients: { client, once: client }, posted };
}

async function backUp(...states: readonly object[]) {
  const { clients, posted } = lateServer(...states);
  const said: string[] = [];
  const output = {
    ...{ json: false, width: 80, style: createStyle(false) },
    write: (line: string) => void said.push(line),
  };
  const code = await backupCommand(clients, { keep: 3 }, output, 1);
  return { code, said, posted };
}

test("is asked for once, and looked for until it is there", async () => {
  const { code, said, posted } = await backUp(
    { isMaking: false, backups: [OLD] },
    { isMaking: true, backups: [OLD] },
    { isMaking: true, backups: [OLD] },
    { isMaking: false, backups: [NEW, OLD] },
  );
  expect([code, posted]).toEqual([0, ["/v1/backups?keep=3"]]);
  expect(said[0]).toBe("/data/backups/new  (2000.0 MB)");
});

test("has failed when the server makes none any more and there is no new one", async () => {
  const asked = backUp({ isMaking: false, backups: [OLD] }, { isMaking: false, backups: [OLD] });
  await expect(asked).rejects.toThrow("the server did not finish the backup");
});
