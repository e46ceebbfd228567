/** Incidents: rows in, rows out, each case with the clause of the definition that it holds. */
import { describe, expect, test } from "vitest";
import { derive } from "../../src/dora/derive.ts";
import { computeMetrics } from "../../src/dora/metrics.ts";
import type { DerivationSettings, ServiceFacts } from "../../src/dora/facts.ts";
import {
  causeLines,
  change,
  commit,
  deploy,
  facts,
  h,
  incident,
  linkLines,
  restoredLines,
  reworkLines,
} from "./support/facts.ts";
import { SETTINGS } from "./support/history-arbitrary.ts";

interface Case {
  /** Section and words of the definition. */
  readonly clause: string;
  readonly name: string;
  readonly given: Partial<ServiceFacts>;
  readonly settings?: Partial<DerivationSettings>;
  readonly links?: readonly string[];
  readonly causes?: readonly string[];
  readonly rework?: readonly string[];
  /** Of failed deployments. */
  readonly restored?: readonly string[];
}

const verdict = (deployment: string | null) => ({ deployment, reason: "looked at it", by: "ada" });
const d1 = deploy("d1", 10, null);
const d2 = deploy("d2", 20, null);

const CASES: readonly Case[] = [
  {
    clause: "3: finished in the failure window before the incident began",
    name: "one candidate: blamed, likely; restored when the incident ends",
    given: { deployments: [d1], incidents: [incident("I1", 12, 14)] },
    links: ["I1: d1 by window, likely"],
    causes: ["d1: incident by I1"],
    restored: ["d1: incident I1"],
  },
  {
    clause: "3: the latest one wins",
    name: "two candidates: the later, as a possibility",
    given: { deployments: [d1, d2], incidents: [incident("I1", 21, 22)] },
    links: ["I1: d2 by window, possible"],
    causes: ["d2: incident by I1"],
    restored: ["d2: incident I1"],
  },
  {
    clause: "11 incident window: start − failureWindow ≤ finished",
    name: "finished exactly a window before: blamed",
    given: { deployments: [d1], incidents: [incident("I1", 34, 35)] },
    links: ["I1: d1 by window, likely"],
    causes: ["d1: incident by I1"],
  },
  {
    clause: "11 incident window: start − failureWindow ≤ finished",
    name: "a millisecond longer ago: not blamed",
    given: { deployments: [d1], incidents: [incident("I1", 0, 99, { startedAt: h(34) + 1 })] },
    links: ["I1: none"],
    causes: [],
  },
  {
    clause: "11 incident window: finished < start",
    name: "finished in the very instant it began: not blamed",
    given: { deployments: [d1], incidents: [incident("I1", 10, 11)] },
    links: ["I1: none"],
    causes: [],
  },
  {
    clause: "1 failureWindowHours",
    name: "a longer window reaches further back",
    given: { deployments: [d1], incidents: [incident("I1", 50, 51)] },
    settings: { failureWindowHours: 48 },
    links: ["I1: d1 by window, likely"],
  },
  {
    clause: "11 incident window: production deployments only",
    name: "a later deployment to staging is not blamed",
    given: {
      deployments: [d1, deploy("s1", 11, null, { environment: "Staging" })],
      incidents: [incident("I1", 12, 13)],
    },
    links: ["I1: d1 by window, likely"],
    causes: ["d1: incident by I1"],
  },
  {
    clause: "1 productionEnvironments",
    name: "several production environments: the latest of any",
    given: {
      deployments: [d1, deploy("eu", 11, null, { environment: "Production EU" })],
      incidents: [incident("I1", 12, 13)],
    },
    settings: { productionEnvironments: ["Production", "Production EU"] },
    links: ["I1: eu by window, possible"],
    causes: ["eu: incident by I1"],
  },
  {
    clause: "3: successful deployments",
    name: "a failed deployment is no candidate",
    given: {
      deployments: [d1, deploy("bad", 11, null, { status: "failure" })],
      incidents: [incident("I1", 12, 13)],
    },
    links: ["I1: d1 by window, likely"],
    causes: ["d1: incident by I1", "bad: status"],
    // After the failed one comes no success.
    restored: ["d1: incident I1", "bad: open"],
  },
  {
    clause: "3: of the incident's service(s)",
    name: "an incident of another service blames nothing here",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13, { services: ["cart"] })] },
    links: [],
    causes: [],
  },
  {
    clause: "3: an incident with no service is linked to none",
    name: "no service: listed with the rows that name none",
    given: { service: "", deployments: [d1], incidents: [incident("I1", 12, 13, { services: [] })] },
    links: ["I1: none"],
    causes: [],
  },
  {
    clause: "3: of the incident's service(s)",
    name: "of two services: the latest deployment of either",
    given: {
      deployments: [d1],
      incidents: [incident("I1", 12, 13, { services: ["shop", "cart"] })],
      otherDeployments: [{ service: "cart", deployment: deploy("c1", 11, null) }],
    },
    links: ["I1: c1 by window, possible"],
    causes: [],
  },
  {
    clause: "3: of the incident's service(s)",
    name: "of two services, seen from the one that is blamed",
    given: {
      service: "cart",
      deployments: [deploy("c1", 11, null)],
      incidents: [incident("I1", 12, 13, { services: ["shop", "cart"] })],
      otherDeployments: [{ service: "shop", deployment: d1 }],
    },
    links: ["I1: c1 by window, possible"],
    causes: ["c1: incident by I1"],
  },
  {
    clause: "3: caused by in the data beats the rule",
    name: "the data name an earlier deployment",
    given: { deployments: [d1, d2], incidents: [incident("I1", 21, 22, { causedBy: ["d1"] })] },
    links: ["I1: d1 by data, stated"],
    causes: ["d1: incident by I1"],
    restored: ["d1: incident I1"],
  },
  {
    clause: "3: caused by in the data beats the rule",
    name: "any environment, any age, any status",
    given: {
      deployments: [
        deploy("old", 1, null, { environment: "Staging", status: "failure" }),
        deploy("d9", 99, null),
      ],
      incidents: [incident("I1", 100, 101, { causedBy: ["old"] })],
    },
    links: ["I1: old by data, stated"],
    causes: ["old: status", "old: incident by I1"],
  },
  {
    clause: "3: caused by in the data beats the rule",
    name: "a deployment that is not known: nothing else is blamed for it",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13, { causedBy: ["gone"] })] },
    links: ["I1: unknown gone by data, stated"],
    causes: [],
  },
  {
    clause: "3: caused by in the data; an incident with no service",
    name: "no service, but a cause: blamed where the deployment is",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13, { services: [], causedBy: ["d1"] })] },
    links: [],
    causes: ["d1: incident by I1"],
    restored: ["d1: incident I1"],
  },
  {
    clause: "3: a user's own override beats the rule",
    name: "and the data",
    given: {
      deployments: [d1, d2],
      incidents: [incident("I1", 21, 22, { causedBy: ["d2"], verdict: verdict("d1") })],
    },
    links: ["I1: d1 by user, certain"],
    causes: ["d1: incident by I1"],
  },
  {
    clause: "3: “not caused by a deployment” is a legal answer",
    name: "a user says that no deployment caused it",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13, { verdict: verdict(null) })] },
    links: ["I1: none by user"],
    causes: [],
  },
  {
    clause: "4 causes can be switched off",
    name: "incidents switched off: linked, but no failure",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13)] },
    settings: { failureCauses: { ...SETTINGS.failureCauses, incident: false } },
    links: ["I1: d1 by window, likely"],
    causes: [],
    restored: [],
  },
  {
    clause: "11 restored: the end of the last incident linked, open while one is open",
    name: "two incidents: the one that ended last",
    given: { deployments: [d1], incidents: [incident("I1", 11, 30), incident("I2", 12, 15)] },
    causes: ["d1: incident by I1", "d1: incident by I2"],
    restored: ["d1: incident I1"],
  },
  {
    clause: "11 restored: the end of the last incident linked, open while one is open",
    name: "one of two is open: not restored, whatever was deployed since",
    given: { deployments: [d1, d2], incidents: [incident("I1", 11, 12), incident("I2", 12, null)] },
    restored: ["d1: open"],
  },
  {
    clause: "8 re-opened incident",
    name: "its status says open although an end is left in the data",
    given: { deployments: [d1], incidents: [incident("I1", 11, 12, { status: "open" })] },
    restored: ["d1: open"],
  },
  {
    clause: "11 restored; a resolved incident without an end",
    name: "resolved at an unknown time: the next success decides",
    given: { deployments: [d1, d2], incidents: [incident("I1", 11, null, { status: "resolved" })] },
    restored: ["d1: next success d2"],
  },
  {
    clause: "11 no incident linked: restored by the deployment that repaired it, else the next success",
    name: "a failed status that an incident follows by data is restored with the incident",
    given: {
      deployments: [deploy("bad", 10, null, { status: "failure" }), d2],
      incidents: [incident("I1", 9, 15, { causedBy: ["bad"] })],
    },
    causes: ["bad: status", "bad: incident by I1"],
    restored: ["bad: incident I1"],
  },
  {
    clause: "1 status → ignored",
    name: "an ignored incident takes no part",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13, { status: "ignored" })] },
    links: ["I1: none"],
    causes: [],
  },
  {
    clause: "11 two deployments in the same instant: the smaller identifier first",
    name: "the later of the two is blamed",
    given: {
      deployments: [deploy("a", 10, null), deploy("b", 10, null)],
      incidents: [incident("I1", 12, 13)],
    },
    links: ["I1: b by window, possible"],
  },
  {
    clause: "11 two deployments in the same instant: the git ancestor first",
    name: "git beats the identifier",
    given: {
      commits: [commit("aa", [], 1, "one"), commit("bb", ["aa"], 2, "two")],
      deployments: [deploy("a", 10, "bb"), deploy("b", 10, "aa")],
      incidents: [incident("I1", 12, 13)],
    },
    links: ["I1: a by window, possible"],
  },
  {
    clause: "11 rework by incident: the last deployment that finished in (started, resolved]",
    name: "the last one before its end, also in the very instant",
    given: {
      deployments: [d1, deploy("fix1", 13, null), deploy("fix2", 14, null), deploy("late", 15, null)],
      incidents: [incident("I1", 12, 14)],
    },
    rework: ["fix2: incident of d1"],
  },
  {
    clause: "11 rework by incident: (started, …",
    name: "finished as it began: no rework",
    given: { deployments: [deploy("x", 12, null)], incidents: [incident("I1", 12, 14)] },
    rework: [],
  },
  {
    clause: "11 rework by incident",
    name: "an open incident has no repair yet",
    given: { deployments: [d1, d2], incidents: [incident("I1", 12, null)] },
    rework: [],
  },
  {
    clause: "11 rework by incident",
    name: "a failed deployment repairs nothing, nor does the one that caused it",
    given: {
      deployments: [deploy("cause", 13, null), deploy("bad", 14, null, { status: "failure" })],
      incidents: [incident("I1", 12, 15, { causedBy: ["cause"] })],
    },
    rework: [],
  },
  {
    clause: "11 rework by incident: a shipped change whose title or labels name an incident",
    name: "title and label",
    given: {
      deployments: [
        deploy("d0", 1, null),
        deploy("d1", 10, null, { changeIds: ["c1"] }),
        deploy("d2", 11, null, { changeIds: ["c2"] }),
        deploy("d3", 12, null, { changeIds: ["c3"] }),
      ],
      changes: [
        change("c1", { title: "Guard the cart (INC-42)", mergedAt: h(9), openedAt: h(8) }),
        change("c2", { title: "Guard", labels: ["inc-42"], mergedAt: h(9), openedAt: h(8) }),
        change("c3", { title: "INC-420 and XINC-42", mergedAt: h(9), openedAt: h(8) }),
      ],
      incidents: [incident("INC-42", 2, 3)],
    },
    links: ["INC-42: d0 by window, likely"],
    rework: ["d1: incident of d0", "d2: incident of d0"],
  },
  {
    clause: "11 rework by incident: a shipped change whose title names an incident",
    name: "numbers alone name pull requests, not incidents",
    given: {
      deployments: [deploy("d1", 10, null, { changeIds: ["c1"] })],
      changes: [change("c1", { title: "Guard (#1234)", mergedAt: h(9), openedAt: h(8) })],
      incidents: [incident("1234", 2, 3)],
    },
    rework: [],
  },
];

describe("incidents", () => {
  test.each(CASES.map((one) => [`${one.clause} — ${one.name}`, one] as const))("%s", (_, one) => {
    const settings = { ...SETTINGS, ...one.settings };
    const given = facts(one.given);
    const derived = derive(given, settings);
    if (one.links !== undefined) expect(linkLines(derived)).toEqual(one.links);
    if (one.causes !== undefined) expect(causeLines(derived)).toEqual(one.causes);
    if (one.rework !== undefined) expect(reworkLines(derived)).toEqual(one.rework);
    if (one.restored !== undefined) expect(restoredLines(derived)).toEqual(one.restored);
    // In any order, and with every row told twice.
    const shuffled = (list: readonly unknown[] = []) => [...list, ...list].reverse();
    const again = {
      ...given,
      deployments: shuffled(given.deployments),
      changes: shuffled(given.changes),
      incidents: shuffled(given.incidents),
      otherDeployments: shuffled(given.otherDeployments),
    } as ServiceFacts;
    expect(derive(again, settings)).toEqual(derived);
  });
});

describe("mean time to recovery", () => {
  const measure = (incidents: ServiceFacts["incidents"], from = h(0), to = h(100)) =>
    computeMetrics({
      ...derive(facts({ incidents: incidents ?? [] }), SETTINGS),
      window: { from, to, timezone: "UTC", interval: "day", weekStart: "monday" },
      environments: ["Production"],
      hasSource: true,
      now: h(200),
    }).meanTimeToRecovery;

  test.each([
    ["4: started → resolved, mean and p50", [incident("a", 1, 2), incident("b", 2, 5)], 7200, 7200, 2, 0],
    [
      "4: over incidents started in the window, half-open",
      [incident("a", 0, 1), incident("b", 99, 140), incident("c", 100, 101), incident("d", -1, 50)],
      (3600 + 41 * 3600) / 2,
      (3600 + 41 * 3600) / 2,
      2,
      0,
    ],
    [
      "4: open ones are censored: no mean, the median is Kaplan–Meier",
      [incident("a", 1, 2), incident("b", 1, 3), incident("c", 1, null)],
      null,
      7200,
      2,
      1,
    ],
    ["8: re-opened is open", [incident("a", 1, 2, { status: "open" })], null, null, 0, 1],
    ["4: a negative span is left out", [incident("a", 5, 4), incident("b", 1, 2)], 3600, 3600, 1, 0],
    ["5: null where there is nothing to measure", [], null, null, 0, 0],
  ] as const)("%s", (_, incidents, mean, p50, n, open) => {
    const found = measure(incidents);
    expect([found.value, found.mean, found.p50, found.n, found.open]).toEqual([mean, mean, p50, n, open]);
  });

  test("open ones bound the mean from below", () => {
    expect(measure([incident("a", 1, 2), incident("b", 100 - 1, null)]).atLeast).toBe(
      (3600 + 101 * 3600) / 2,
    );
  });

  test("an incident of two services counts once in a scope of both", () => {
    const both = incident("a", 1, 2, { services: ["shop", "cart"] });
    const rows = ["shop", "cart"].flatMap(
      (service) => derive(facts({ service, incidents: [both] }), SETTINGS).incidents,
    );
    expect(rows).toHaveLength(2);
    const { meanTimeToRecovery } = computeMetrics({
      deployments: [],
      shipments: [],
      incidents: rows,
      window: { from: h(0), to: h(9), timezone: "UTC", interval: "day", weekStart: "monday" },
      environments: ["Production"],
      hasSource: true,
      now: h(9),
    });
    expect(meanTimeToRecovery.n).toBe(1);
  });
});
