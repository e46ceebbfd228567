import { expect, test } from "vitest";
import { Started } from "../../src/serve/started.ts";

/** What happens, in its order. */
function watched() {
  const seen: string[] = [];
  const ending = {
    onCut: () => void seen.push("cut"),
    onError: (error: unknown) => void seen.push((error as Error).message),
  };
  return { seen, ending };
}

test("all work is told before any of it is waited for, and what it stands on goes last, in reverse", async () => {
  const { seen, ending } = watched();
  const started = new Started();
  started.ground(() => void seen.push("lock given back"));
  started.ground(async () => {
    await Promise.resolve();
    seen.push("database closed");
  });
  for (const name of ["loop", "pool", "server"])
    started.work(async () => {
      seen.push(`${name} told`);
      await new Promise(setImmediate);
      seen.push(`${name} ended`);
    });
  await started.stop(ending);
  expect(seen).toEqual([
    ...["loop told", "pool told", "server told", "loop ended", "pool ended", "server ended"],
    ...["database closed", "lock given back"],
  ]);
  await started.stop(ending);
  expect(seen).toHaveLength(8);
});

test("the server goes on after the loops, as long as it is told to", async () => {
  const { seen, ending } = watched();
  const started = new Started();
  started.work(() => void seen.push("loop told"));
  started.last(() => void seen.push(`server told, leaving ${started.isLeaving}`));
  const stopping = started.stop({ ...ending, delayMs: 20 });
  expect([seen, started.isLeaving]).toEqual([["loop told"], true]);
  await stopping;
  expect(seen).toEqual(["loop told", "server told, leaving true"]);
});

test("work without end is left after a while, and parts that fail or hang keep nothing else from stopping", async () => {
  const { seen, ending } = watched();
  const started = new Started();
  const never = (): Promise<void> => new Promise(() => undefined);
  started.ground(() => void seen.push("lock given back"));
  started.ground(never);
  started.work(never);
  started.work(() => {
    throw new Error("broken");
  });
  await started.stop({ ...ending, workMs: 1, groundMs: 1 });
  expect(seen).toEqual(["broken", "cut", "lock given back"]);
});
