import { expect, test } from "vitest";
import { seenBy } from "../../src/storage/pg-snapshot.ts";

test("a snapshot sees what had ended", () => {
  const isSeen = seenBy("10:15:10,12");
  expect(["9", "10", "11", "12", "14", "15", "9007199254740993"].map(isSeen)).toEqual([
    ...[true, false, true, false, true, false, false],
  ]);
  expect(["4", "5"].map(seenBy("5:5:"))).toEqual([true, false]);
});
