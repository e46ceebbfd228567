/** Messages of alerts about sources that went silent: what failed, since when, what to do. */
import { expect, test } from "vitest";
import { silenceSentences } from "../../src/automation/alerts/silence-message.ts";

const at = new Date("2026-11-26T10:00:30Z");

test("a source whose sync failed: why, since when, what to do", () => {
  const failure = "not everything could be listed: deployments (401 Unauthorized).";
  expect(silenceSentences("GitHub", { from: "connection", at, failure }, "27 hours", "above 24", false)).toBe(
    "The last sync of GitHub failed: not everything could be listed: deployments (401 Unauthorized). " +
      "It was last heard of at 2026-11-26 10:00 UTC, 27 hours ago; the alert is for hours above 24. " +
      "Open the data source, put right what the sync could not do, and choose “Sync what changed”.",
  );
});

test.each([
  ["connection", "Nothing has come from GitHub", "Sync what changed"],
  ["webhook", "Nothing has come from GitHub", "its sender"],
  ["integration", "Nothing has come from GitHub", "where it was installed"],
  ["blueprint", "Nothing has come from an entity of GitHub", "data sources"],
] as const)("silence of a %s", (from, what, remedy) => {
  const text = silenceSentences("GitHub", { from, at, failure: null }, "27 hours", "above 24", false);
  expect(text).toContain(`${what} for 27 hours. The last was at 2026-11-26 10:00 UTC;`);
  expect(text).toContain(remedy);
});

test("when it is over, when something last came: it may be over because the alert is for more hours", () => {
  expect(
    silenceSentences("GitHub", { from: "webhook", at, failure: null }, "26 hours", "above 48", true),
  ).toBe(
    "Something last came from GitHub at 2026-11-26 10:00 UTC, 26 hours ago. The alert was for hours above 48.",
  );
});
