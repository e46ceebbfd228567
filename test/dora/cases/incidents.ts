/** Section 3 of the definition: incidents, the deployments they are linked to, and what follows from that. */
import type { DerivationSettings, ServiceFacts } from "../../../src/dora/facts.ts";
import { change, commit, deploy, h, incident } from "../support/facts.ts";
import { SETTINGS } from "../support/history-arbitrary.ts";
import type { Clause } from "./clauses.ts";

export interface IncidentCase {
  readonly clause: Clause;
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

export const INCIDENTS: readonly IncidentCase[] = [
  {
    clause: "3 window",
    name: "one candidate: blamed, likely; restored when the incident ends",
    given: { deployments: [d1], incidents: [incident("I1", 12, 14)] },
    links: ["I1: d1 by window, likely"],
    causes: ["d1: incident by I1"],
    restored: ["d1: incident I1"],
  },
  {
    clause: "3 latest",
    name: "two candidates: the later, as a possibility",
    given: { deployments: [d1, d2], incidents: [incident("I1", 21, 22)] },
    links: ["I1: d2 by window, possible"],
    causes: ["d2: incident by I1"],
    restored: ["d2: incident I1"],
  },
  {
    clause: "11 incident window",
    name: "finished exactly a window before: blamed",
    given: { deployments: [d1], incidents: [incident("I1", 34, 35)] },
    links: ["I1: d1 by window, likely"],
    causes: ["d1: incident by I1"],
  },
  {
    clause: "11 incident window",
    name: "a millisecond longer ago: not blamed",
    given: { deployments: [d1], incidents: [incident("I1", 0, 99, { startedAt: h(34) + 1 })] },
    links: ["I1: none"],
    causes: [],
  },
  {
    clause: "11 incident window",
    name: "finished in the very instant it began: not blamed",
    given: { deployments: [d1], incidents: [incident("I1", 10, 11)] },
    links: ["I1: none"],
    causes: [],
  },
  {
    clause: "3 window",
    name: "a longer window reaches further back",
    given: { deployments: [d1], incidents: [incident("I1", 50, 51)] },
    settings: { failureWindowHours: 48 },
    links: ["I1: d1 by window, likely"],
  },
  {
    clause: "11 incident window",
    name: "a later deployment to staging is not blamed",
    given: {
      deployments: [d1, deploy("s1", 11, null, { environment: "Staging" })],
      incidents: [incident("I1", 12, 13)],
    },
    links: ["I1: d1 by window, likely"],
    causes: ["d1: incident by I1"],
  },
  {
    clause: "1 environments",
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
    clause: "3 candidates",
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
    clause: "3 service",
    name: "an incident of another service blames nothing here",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13, { services: ["cart"] })] },
    links: [],
    causes: [],
  },
  {
    clause: "3 no service",
    name: "no service: listed with the rows that name none",
    given: { service: "", deployments: [d1], incidents: [incident("I1", 12, 13, { services: [] })] },
    links: ["I1: none"],
    causes: [],
  },
  {
    clause: "3 service",
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
    clause: "3 service",
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
    clause: "3 caused by",
    name: "the data name an earlier deployment",
    given: { deployments: [d1, d2], incidents: [incident("I1", 21, 22, { causedBy: ["d1"] })] },
    links: ["I1: d1 by data, stated"],
    causes: ["d1: incident by I1"],
    restored: ["d1: incident I1"],
  },
  {
    clause: "3 caused by",
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
    clause: "3 caused by",
    name: "a deployment that is not known: nothing else is blamed for it",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13, { causedBy: ["gone"] })] },
    links: ["I1: unknown gone by data, stated"],
    causes: [],
  },
  {
    clause: "3 caused by",
    name: "no service, but a cause: blamed where the deployment is",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13, { services: [], causedBy: ["d1"] })] },
    links: [],
    causes: ["d1: incident by I1"],
    restored: ["d1: incident I1"],
  },
  {
    clause: "3 override",
    name: "and the data",
    given: {
      deployments: [d1, d2],
      incidents: [incident("I1", 21, 22, { causedBy: ["d2"], verdict: verdict("d1") })],
    },
    links: ["I1: d1 by user, certain"],
    causes: ["d1: incident by I1"],
  },
  {
    clause: "3 not caused",
    name: "a user says that no deployment caused it",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13, { verdict: verdict(null) })] },
    links: ["I1: none by user"],
    causes: [],
  },
  {
    clause: "4 causes",
    name: "incidents switched off: linked, but no failure",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13)] },
    settings: { failureCauses: { ...SETTINGS.failureCauses, incident: false } },
    links: ["I1: d1 by window, likely"],
    causes: [],
    restored: [],
  },
  {
    clause: "11 restored",
    name: "two incidents: the one that ended last",
    given: { deployments: [d1], incidents: [incident("I1", 11, 30), incident("I2", 12, 15)] },
    causes: ["d1: incident by I1", "d1: incident by I2"],
    restored: ["d1: incident I1"],
  },
  {
    clause: "11 restored",
    name: "one of two is open: not restored, whatever was deployed since",
    given: { deployments: [d1, d2], incidents: [incident("I1", 11, 12), incident("I2", 12, null)] },
    restored: ["d1: open"],
  },
  {
    clause: "11 restored",
    name: "its status says open although an end is left in the data",
    given: { deployments: [d1], incidents: [incident("I1", 11, 12, { status: "open" })] },
    restored: ["d1: open"],
  },
  {
    clause: "11 restored",
    name: "resolved at an unknown time: the next success decides",
    given: { deployments: [d1, d2], incidents: [incident("I1", 11, null, { status: "resolved" })] },
    restored: ["d1: next success d2"],
  },
  {
    clause: "11 no incident",
    name: "a failed status that an incident follows by data is restored with the incident",
    given: {
      deployments: [deploy("bad", 10, null, { status: "failure" }), d2],
      incidents: [incident("I1", 9, 15, { causedBy: ["bad"] })],
    },
    causes: ["bad: status", "bad: incident by I1"],
    restored: ["bad: incident I1"],
  },
  {
    clause: "11 status",
    name: "an ignored incident takes no part",
    given: { deployments: [d1], incidents: [incident("I1", 12, 13, { status: "ignored" })] },
    links: ["I1: none"],
    causes: [],
  },
  {
    clause: "11 same instant",
    name: "the later of the two is blamed",
    given: {
      deployments: [deploy("a", 10, null), deploy("b", 10, null)],
      incidents: [incident("I1", 12, 13)],
    },
    links: ["I1: b by window, possible"],
  },
  {
    clause: "11 same instant",
    name: "git beats the identifier",
    given: {
      commits: [commit("aa", [], 1, "one"), commit("bb", ["aa"], 2, "two")],
      deployments: [deploy("a", 10, "bb"), deploy("b", 10, "aa")],
      incidents: [incident("I1", 12, 13)],
    },
    links: ["I1: a by window, possible"],
  },
  {
    clause: "11 rework by incident",
    name: "the last one before its end, also in the very instant",
    given: {
      deployments: [d1, deploy("fix1", 13, null), deploy("fix2", 14, null), deploy("late", 15, null)],
      incidents: [incident("I1", 12, 14)],
    },
    rework: ["fix2: incident of d1"],
  },
  {
    clause: "11 rework by incident",
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
    clause: "11 rework by incident",
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
    clause: "11 rework by incident",
    name: "numbers alone name pull requests, not incidents",
    given: {
      deployments: [deploy("d1", 10, null, { changeIds: ["c1"] })],
      changes: [change("c1", { title: "Guard (#1234)", mergedAt: h(9), openedAt: h(8) })],
      incidents: [incident("1234", 2, 3)],
    },
    rework: [],
  },
];
