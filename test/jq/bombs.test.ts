/** Every bomb ends as it should. How fast, and in how much memory, is measured by `node bench/jq-bombs.ts`. */
import { expect, test } from "vitest";
import { BOMBS } from "./support/bombs/all.ts";
import { endsWell, runBomb } from "./support/bombs/run-bomb.ts";

test.each(BOMBS.map((bomb) => [bomb.name, bomb] as const))("%s", (_name, bomb) => {
  const end = runBomb(bomb);
  expect(endsWell(bomb, end) ? "" : `${end.kind}: ${end.text}`).toBe("");
});

test("there are those of the issue, and many more", () => {
  expect(BOMBS.length).toBeGreaterThan(100);
  expect(new Set(BOMBS.map(({ name }) => name)).size).toBe(BOMBS.length);
});
