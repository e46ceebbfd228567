/** Events of the audit log as sentences. */
import { expect, test } from "vitest";
import { isByStranger, phraseOf, subjectOf, wordOf } from "../../src/web/audit/words.ts";

const sentence = (resourceType: string, action: string, status = "SUCCESS"): string => {
  const { verb, kind, rest = "", isOfActor } = phraseOf({ resourceType, action, status });
  return [verb, kind, isOfActor === true ? "" : "…", rest].filter(Boolean).join(" ");
};

test.each([
  ["entity", "CREATE", "Created …"],
  ["entity", "TIMER_EXPIRED", "Expired timer of …"],
  ["blueprint", "UPDATE", "Changed the blueprint …"],
  ["data_source", "DELETE", "Deleted the data source …"],
  ["permissions", "UPDATE", "Changed the permissions of the blueprint …"],
  ["app", "UPDATE", "Changed the API credentials …"],
  ["sign_in", "CREATE", "Signed in"],
  ["sign_in", "DELETE", "Signed out"],
  ["run", "CREATE", "Started a run of …"],
  ["incident_cause", "DELETE", "Took back the cause of …"],
  ["alert", "FIRED", "Fired the alert …"],
  ["initiative", "REACHED", "Found the initiative … reached"],
  ["what_comes", "CREATE", "Created the what comes …"],
])("%s %s: %s", (kind, action, words) => {
  expect(sentence(kind, action)).toBe(words);
});

test("what was refused was tried", () => {
  expect(sentence("entity", "UPDATE", "FAILURE")).toBe("Tried to change …");
  expect(sentence("blueprint", "DELETE", "FAILURE")).toBe("Tried to delete the blueprint …");
  expect(sentence("sign_in", "CREATE", "FAILURE")).toBe("Could not sign in …");
  expect(wordOf({ action: "CREATE", status: "FAILURE" })).toBe("Tried to create");
});

test("of an attempt to sign in nobody knows whose it was; rows without documents have a subject where the event says it", () => {
  const event = {
    ...{ identifier: "event_x1", resourceType: "sign_in", action: "CREATE", status: "FAILURE" },
    trigger: { by: { byPort: true }, origin: "UI", at: "2026-11-01T00:00:00Z" },
    context: { blueprint: null },
  };
  expect(isByStranger(event)).toBe(true);
  expect(subjectOf(event)).toBeNull();
  expect(isByStranger({ ...event, resourceType: "entity" })).toBe(false);
  expect(phraseOf(event).kind).toBe("");
  const named = { ...event, context: { blueprint: null, sign_in: "anna@example.com" } };
  expect([phraseOf(named).kind, subjectOf(named)]).toEqual(["as", "anna@example.com"]);
});
