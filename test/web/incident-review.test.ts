import { describe, expect, it } from "vitest";
import type { Incident, IncidentLink } from "../../src/web/dora/incident-queries.ts";
import {
  confirmation,
  keyOf,
  reasonOf,
  reviewRows,
  waitingCount,
  type Decision,
} from "../../src/web/dora/review-list.ts";
import { DEFAULT_QUERY } from "../../src/web/lib/dora-search.ts";
import {
  decodeIncidentSearch,
  encodeIncidentSearch,
  pickIncidentSearch,
  type IncidentQuery,
} from "../../src/web/lib/incident-search.ts";
import { parseSearch, stringifySearch } from "../../src/web/lib/search-text.ts";

const byRule: IncidentLink = {
  deployment: "shop-1",
  service: "shop",
  environment: "Production",
  method: "window",
  confidence: "likely",
  reason: "finished 5 min before it began, the only one in the 24 h before",
};
const byUser: IncidentLink = { ...byRule, method: "user", confidence: "certain", reason: "ada: seen" };

const incident = (identifier: string, hour: number, link = byRule): Incident => ({
  entity: { blueprint: "incident", identifier, title: null, url: null },
  services: ["shop"],
  severity: null,
  status: "resolved",
  startedAt: new Date(Date.UTC(2026, 7, 3, hour)).toISOString(),
  endedAt: null,
  isOpen: false,
  link,
  candidates: [],
  candidateCount: 0,
});

const [a, b, c] = [incident("A", 3), incident("B", 2), incident("C", 1)] as const;
const decided = (one: Incident, phase: Decision["phase"] = "decided"): Map<string, Decision> =>
  new Map([[keyOf(one), { incident: one, deployment: one.link.deployment, phase, error: null }]]);
const keys = (rows: ReturnType<typeof reviewRows>) => rows.map(({ key }) => key);

describe("the review queue", () => {
  it("says minutes of the rule as people do", () => {
    expect(reasonOf(byRule.reason)).toBe(byRule.reason);
    expect(reasonOf("finished 431 min before it began")).toBe("finished 7 h 11 min before it began");
  });

  it("is the server's list as long as nothing was decided", () => {
    expect(keys(reviewRows([a, b, c], new Map()))).toEqual(["incident:A", "incident:B", "incident:C"]);
    expect(waitingCount(3, [a, b, c], new Map())).toBe(3);
  });

  it("keeps what was decided in its place, before and after the server knows", () => {
    const decisions = decided(b);
    for (const listed of [
      [a, b, c],
      [a, c],
    ]) {
      const rows = reviewRows(listed, decisions);
      expect(keys(rows)).toEqual(["incident:A", "incident:B", "incident:C"]);
      expect(rows[1]?.decision?.phase).toBe("decided");
      expect(waitingCount(listed.length, listed, decisions)).toBe(2);
    }
  });

  it("shows what was undone as it was, while the server still tells of the verdict, and as the server tells it later", () => {
    const decisions = decided(b, "undone");
    const stale = { ...b, link: byUser };
    expect(reviewRows([a, stale], decisions)[1]?.incident.link).toEqual(byRule);
    expect(reviewRows([a], decisions)[1]?.incident).toBe(b);
    expect(waitingCount(1, [a], decisions)).toBe(2);
    const fresh = { ...b, status: "open" };
    expect(reviewRows([a, fresh], decisions)[1]?.incident).toBe(fresh);
    expect(waitingCount(2, [a, fresh], decisions)).toBe(2);
  });

  it("confirms with the rule's reason, no longer than the API takes", () => {
    expect(confirmation(a)).toEqual({
      deployment: "shop-1",
      reason: `Confirmed in the review: ${byRule.reason}`,
    });
    const long = incident("L", 1, { ...byRule, deployment: null, reason: "x".repeat(5000) });
    expect(confirmation(long).deployment).toBeNull();
    expect(confirmation(long).reason).toHaveLength(2000);
  });
});

describe("the address of the review queue", () => {
  const read = (text: string) => decodeIncidentSearch(pickIncidentSearch(parseSearch(text)));
  const plain: IncidentQuery = { measured: DEFAULT_QUERY, show: "review", correct: null };

  it("is empty for the defaults, and brings the rest back", () => {
    expect(stringifySearch(encodeIncidentSearch(plain))).toBe("");
    const text = "?scope=service:shop&last=365d&tz=Europe/Berlin&show=all&correct=incident:INC-1";
    const { query, problems } = read(text);
    expect(problems).toEqual([]);
    expect(query).toMatchObject({ show: "all", correct: "incident:INC-1" });
    expect(stringifySearch(encodeIncidentSearch(query))).toBe(text);
  });

  it("takes of the DORA page's address only scope, window and zone", () => {
    const measured = {
      ...DEFAULT_QUERY,
      environment: "Staging",
      compare: false,
      evidence: { metric: "reworkRate", bucket: null },
    } as const;
    expect(encodeIncidentSearch({ ...plain, measured })).toEqual({});
  });

  it("names what it cannot use", () => {
    const { query, problems } = read("?show=mine&last=5y");
    expect(query).toEqual(plain);
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["last", "show"]);
  });
});
