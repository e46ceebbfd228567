/**
 * The clauses of the definition that cases cite: sections 2 to 4 sentence by sentence, and the readings settled in
 * section 11 (`docs/dora.md`, ADR 10). `acceptance.test.ts` holds that each has a case.
 */
export const CLAUSES = {
  "1 environments": "several environments may be production",
  "1 hotfix patterns": "branches, labels and titles that mark a hotfix",

  "1 regions": "several regions of production: to the first and to all of them",

  "2 not deployed": "merged in the window, shipped by nothing yet: listed as left out",

  "2 successful": "successful deployments are put in order by finish time",
  "2.1 graph": "commits reachable from its sha and not from that of any earlier successful deployment",
  "2.1 environment": "of that service × environment",
  "2.1 rollback": "a rollback ships nothing; what is shipped again does not count twice",
  "2.1 host map": "matched by the host's map of pull requests and commits",
  "2.1 trailers": "matched by (#123), merge subjects, cherry picked from, Change-Id",
  "2.1 patch id": "matched by patch id",
  "2.1 gitops": "configuration repository → tag of an image → commit of the source",
  "2.2 relation": "an explicit relation deployment → pull request",
  "2.3 time": "by time, the last resort, marked so",
  "2 monorepo": "only commits that touch the service's paths; shared paths allowed",
  "2 baseline": "none, all, a date, a tag; what is left out is listed",

  "3 candidates": "successful deployments",
  "3 service": "of the incident's services",
  "3 no service": "an incident with no service is linked to none",
  "3 window": "that finished in the failure window before the incident began",
  "3 latest": "the latest one wins",
  "3 caused by": "caused by in the data beats the rule",
  "3 override": "a user's own verdict beats the rule",
  "3 not caused": "not caused by a deployment is a legal answer",

  "4 frequency": "successful production deployments ÷ days; days with one; time between them",
  "4 frequency none": "zero is 0; no source at all is null",
  "4 lead time":
    "first commit authored → the deployment that shipped it finished, over the window of deployments",
  "4 stages": "coding, pickup, review, deploy",
  "4 first review": "pickup ends with the first review by a human other than the author",
  "4 negative": "a negative span is left out and listed, not clamped",
  "4 failure status": "failed by status",
  "4 failure incident": "failed by a linked incident",
  "4 failure rollback": "failed because it was rolled back",
  "4 failure hotfix": "followed within the window by a hotfix or revert of something it shipped",
  "4 causes": "each cause can be switched off; numerator, denominator and causes are returned",
  "4 restored": "restored by the end of the incident, else the next success",
  "4 censored": "open ones are counted apart; the median is Kaplan–Meier",
  "4 recovery time": "incident started → resolved, mean and p50, over incidents started in the window",
  "4 rework repair": "share of deployments made to repair",
  "4 rework incident": "one that ships a change that refers to an incident, or that resolved one",
  "4 half-open": "windows are half-open",
  "4 percentiles": "interpolated linearly",
  "4 roll-up": "over the union of the raw rows below, each once",
  "4 ownership": "ownership is as of the event's day",
  "4 null": "null, never 0, where there is nothing to measure",
  "4 few": "few below ten",

  "11 unit of change": "the request where the commit belongs to one, otherwise the commit; merges are none",
  "11 same work": "equal Change-Id or patch id: shipped once",
  "11 same instant": "the git ancestor first, then the earlier start, then the smaller identifier",
  "11 first commit": "unknown: from opened; neither known: left out, no_start",
  "11 first relation": "a first deployment with an explicit relation counts",
  "11 status": "unknown or ignored status takes no part anywhere and is listed",
  "11 rollback": "a sha that is an ancestor of the live one's",
  "11 trigger": "trigger known, sha not: blames the deployment just before, whatever its status",
  "11 hotfix": "a patch bump that ships a fix, or a commit that reverts or fixes something shipped",
  "11 hotfix trailer": "Fixes: <sha> names what it repairs",
  "11 incident window": "start − window ≤ finished < start; production only",
  "11 restored": "the end of the last linked incident; open while one is open",
  "11 no incident": "restored by the deployment that repaired it, else the next success",
  "11 rework by incident":
    "the last deployment in (started, resolved], or a shipped change that names an incident",
  "11 days": "wall-clock days in the query's time zone",
  "11 globs": "* within a segment, ** across, ? one character",
  "11 environment": "none given is Production; the match is exact",
} as const;

export type Clause = keyof typeof CLAUSES;
