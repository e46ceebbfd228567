import { expect, test } from "vitest";
import type { ApiClient, JsonObject } from "../../src/cli/client.ts";
import { rebuildCommand } from "../../src/cli/commands/rebuild.ts";

/** @param states what the server says of its derived values, one after the other */
async function said(states: readonly JsonObject[]): Promise<string[]> {
  const lines: string[] = [];
  const left = [...states];
  const refuse = (): Promise<JsonObject> => Promise.reject(new Error("not asked for"));
  const client: ApiClient = {
    page: "",
    get: () => Promise.resolve({ derivation: left.shift() ?? { isSettled: true } }),
    post: () => Promise.resolve({ rebuild: { units: 3, checked: 0, drift: 0, left: 0, examples: [] } }),
    patch: refuse,
    put: refuse,
    postText: refuse,
    parting: () => client,
  };
  const code = await rebuildCommand(
    {},
    {
      connect: () => Promise.resolve(client),
      reporter: {
        phase: (label, total) => void lines.push(`${label} of ${total}`),
        progress: (done) => void lines.push(String(done)),
        done: () => void lines.push("done"),
        note: (line) => void lines.push(line),
      },
      output: { json: false, write: (line) => void lines.push(line) },
    },
  );
  expect(code).toBe(0);
  return lines;
}

test("a rebuild says how far it is; of what follows from writes nobody knows", async () => {
  const states = [
    { isSettled: false, progress: 0.125 },
    { isSettled: false, progress: 0.999 },
    { isSettled: false, progress: 1 },
  ];
  expect(await said(states)).toEqual([
    ...["computing derived values, % of 100", "12", "99", "computing derived values of 0", "done"],
    "Computed again: 3 groups of definitions.",
  ]);
});

test("servers of earlier versions do not say", async () => {
  expect(await said([{ isSettled: false }])).toContain("computing derived values of 0");
});
