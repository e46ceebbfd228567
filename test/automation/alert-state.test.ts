/** When alerts fire, as a pure state machine: one message when it begins, none while it stays, again after a relapse. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AlertRule, parseAlert } from "../../src/model/alert.ts";
import {
  type AlertState,
  FIRST_STATE,
  isSilenced,
  type Sample,
  stepAlert,
} from "../../src/model/alert-state.ts";
import { refusal } from "../catalog/fixture.ts";

const NOTHING: Sample = { value: null, rank: null, isWorse: null };
const ABOVE: AlertRule = { type: "threshold", is: "above", value: 15, clear: 10 };

interface Look extends Partial<Sample> {
  readonly silenced?: boolean;
}

function messages(rule: AlertRule, looks: readonly Look[]): string[] {
  let state: AlertState = FIRST_STATE;
  return looks.flatMap(({ silenced = false, ...sample }, i) => {
    const step = stepAlert(rule, state, { ...NOTHING, ...sample }, silenced, i + 1);
    state = step.state;
    return step.transition === null ? [] : [`${i} ${step.transition}`];
  });
}
const values = (...list: (number | null)[]): Look[] => list.map((value) => ({ value }));

test("one message when the limit is crossed, none while it stays, again after recovery and relapse", () => {
  expect(messages(ABOVE, values(9, 15, 16, 30, 12, 20, 11, 10, 15, 16))).toEqual([
    "2 FIRED",
    "7 RESOLVED",
    "9 FIRED",
  ]);
  const below: AlertRule = { type: "threshold", is: "below", value: 1, clear: 2 };
  expect(messages(below, values(3, 0.5, 1.5, 0.5, 2, 0))).toEqual(["1 FIRED", "4 RESOLVED", "5 FIRED"]);
});

test("nothing to measure changes nothing", () => {
  expect(messages(ABOVE, values(null, 20, null, null, 20, null, 5))).toEqual(["1 FIRED", "6 RESOLVED"]);
});

test("muted: what still fires afterwards is told then; what is over by then never was", () => {
  const muted = (value: number): Look => ({ value, silenced: true });
  expect(messages(ABOVE, [muted(20), muted(20), { value: 20 }, { value: 20 }])).toEqual(["2 FIRED"]);
  expect(messages(ABOVE, [muted(20), muted(5), { value: 5 }])).toEqual([]);
  expect(messages(ABOVE, [{ value: 20 }, muted(5), { value: 5 }])).toEqual(["0 FIRED", "2 RESOLVED"]);
  expect(messages(ABOVE, [{ value: 20 }, muted(5), { value: 20 }])).toEqual(["0 FIRED"]);
});

test("a fall of the tier fires, a deeper fall again; it is over when the tier it fell from is back", () => {
  const ranks = (...list: (number | null)[]): Look[] => list.map((rank) => ({ rank }));
  expect(messages({ type: "fall" }, ranks(1, 1, 2, 2, 3, 2, null, 1, 2))).toEqual([
    "2 FIRED",
    "4 FIRED",
    "7 RESOLVED",
    "8 FIRED",
  ]);
  // What it is when first looked at is no fall.
  expect(messages({ type: "fall" }, ranks(3, 3, 2, 1))).toEqual([]);
});

test("a regression fires when it is significant, and is over when there is none", () => {
  const worse = (...list: (boolean | null)[]): Look[] => list.map((isWorse) => ({ isWorse }));
  expect(messages({ type: "regression" }, worse(null, true, null, true, false, null, true))).toEqual([
    "1 FIRED",
    "4 RESOLVED",
    "6 FIRED",
  ]);
});

test("any history: messages are those of a fold from scratch", () => {
  const look: fc.Arbitrary<Look> = fc.record({
    value: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 30 })),
    silenced: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 40 }), (looks) => {
      let fires = false;
      let told = false;
      const expected = looks.flatMap(({ value = null, silenced }, i) => {
        if (value !== null && value > 15) fires = true;
        if (value !== null && value <= 10) fires = false;
        if (silenced === true || told === fires) return [];
        told = fires;
        return [`${i} ${fires ? "FIRED" : "RESOLVED"}`];
      });
      expect(messages(ABOVE, looks)).toEqual(expected);
    }),
    { seed: 11 },
  );
});

test("mute and maintenance are half-open spans", () => {
  const alert = { mutedUntil: 5, maintenance: [{ from: 10, to: 20 }] };
  expect([4, 5, 9, 10, 19, 20].map((now) => isSilenced(alert, now))).toEqual([
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
});

const GOOD = {
  ...{ identifier: "cfr", title: "Failure rate" },
  source: { type: "metric", metric: "changeFailureRate", window: "30d", per: "service" },
  rule: { type: "threshold", is: "above", value: 0.15, clear: 0.1 },
  recipients: { owners: true, emails: ["a@example.com"], teamChannel: "slack" },
};

test("an alert is read with its defaults", () => {
  expect(parseAlert(GOOD).alert).toMatchObject({
    ...{ enabled: true, resolved: false, minimum: 0, digest: null, mutedUntil: null, maintenance: [] },
    rule: { clear: 0.1 },
    recipients: { owners: true, managers: false, slack: null, teamChannelFormat: "slack" },
  });
});

test.each<[object, string]>([
  [{ ...GOOD, extra: 1 }, '"extra" is no key'],
  [{ ...GOOD, source: { type: "metric", metric: "speed" } }, "alert.source.metric"],
  [{ ...GOOD, source: { type: "metric", metric: "reworkRate", window: "soon" } }, "alert.source.window"],
  [{ ...GOOD, rule: { type: "threshold", value: "x" } }, "alert.rule.value"],
  [
    { ...GOOD, rule: { type: "threshold", value: 1, clear: 2 } },
    "alert.rule.clear 2 lies where the alert fires",
  ],
  [
    { ...GOOD, source: { type: "silence", blueprint: "x" }, rule: { type: "fall" } },
    "goes with metric, scorecard",
  ],
  [{ ...GOOD, recipients: { emails: ["nobody"] } }, "alert.recipients.emails[0]"],
  [{ ...GOOD, digest: "week" }, "alert.digest"],
  [{ ...GOOD, mutedUntil: "tomorrow" }, "alert.mutedUntil"],
  [
    { ...GOOD, maintenance: [{ from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }] },
    "later than from",
  ],
])("refuses %j", async (body, message) => {
  expect((await refusal(() => parseAlert(body))).message).toContain(message);
});
