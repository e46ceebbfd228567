/** Short ways to write facts in tables of cases. */
import type { ServiceDerivation } from "../../../src/dora/derived.ts";
import type {
  ChangeFact,
  CommitFact,
  DeploymentFact,
  IncidentFact,
  ServiceFacts,
} from "../../../src/dora/facts.ts";

export const DAY0 = Date.UTC(2026, 7, 3);
export const HOUR = 3_600_000;
/** Hours after midnight of the first day. */
export const h = (hours: number): number => DAY0 + hours * HOUR;
/** A full sha from a short name of hex digits. */
export const sha = (name: string): string => name.padEnd(40, "0");

export function commit(
  name: string,
  parents: readonly string[],
  hours: number,
  message: string,
  rest: Partial<CommitFact> = {},
): CommitFact {
  return {
    repository: "shop",
    sha: sha(name),
    parents: parents.map(sha),
    authoredAt: h(hours),
    committedAt: h(hours),
    author: "Ada <ada@example.org>",
    patchId: null,
    message,
    paths: null,
    ...rest,
  };
}

export function deploy(
  id: string,
  hours: number,
  name: string | null,
  rest: Partial<DeploymentFact> = {},
): DeploymentFact {
  return {
    blueprint: "deployment",
    id,
    title: null,
    url: null,
    environment: "Production",
    startedAt: null,
    finishedAt: h(hours),
    status: "success",
    sha: name === null ? null : sha(name),
    previousSha: null,
    ref: null,
    changeIds: [],
    trigger: null,
    ...rest,
  };
}

export function change(id: string, rest: Partial<ChangeFact> = {}): ChangeFact {
  return {
    blueprint: "change",
    id,
    title: null,
    url: null,
    repository: "shop",
    number: null,
    firstCommitAt: null,
    openedAt: null,
    readyForReviewAt: null,
    firstReviewAt: null,
    approvedAt: null,
    mergedAt: null,
    mergeSha: null,
    headSha: null,
    author: null,
    isBot: false,
    labels: [],
    ...rest,
  };
}

/** From `hours` to `until` (null: open) on the service shop. */
export function incident(
  id: string,
  hours: number,
  until: number | null,
  rest: Partial<IncidentFact> = {},
): IncidentFact {
  return {
    blueprint: "incident",
    id,
    title: null,
    url: null,
    severity: null,
    services: ["shop"],
    startedAt: h(hours),
    detectedAt: null,
    resolvedAt: until === null ? null : h(until),
    status: "unknown",
    causedBy: [],
    verdict: null,
    ...rest,
  };
}

export const facts = (rest: Partial<ServiceFacts>): ServiceFacts => ({
  service: "shop",
  paths: null,
  deployments: [],
  changes: [],
  commits: [],
  ...rest,
});

/** `deployment: change change`, one line per deployment that ships something. */
export const shippedLines = ({ shipments }: ServiceDerivation): string[] => {
  const lines = new Map<string, string[]>();
  for (const { deployment, change } of shipments)
    lines.set(deployment, [...(lines.get(deployment) ?? []), change.replace(/^(commit:.{7}).*/, "$1")]);
  return [...lines].map(([deployment, changes]) => `${deployment}: ${changes.join(" ")}`);
};

/** `deployment: cause by other`, one line per cause. */
export const causeLines = ({ deployments }: ServiceDerivation): string[] =>
  deployments.flatMap(({ id, causes }) =>
    causes.map(({ cause, by }) => (by === null ? `${id}: ${cause}` : `${id}: ${cause} by ${by}`)),
  );

/** `deployment: reason of other`, one line per piece of rework. */
export const reworkLines = ({ deployments }: ServiceDerivation): string[] =>
  deployments.flatMap(({ id, rework }) =>
    rework.map(({ reason, repairs }) => `${id}: ${reason} of ${repairs}`),
  );

/** `deployment: reason count`, one line per note. */
export const noteLines = ({ deployments }: ServiceDerivation): string[] =>
  deployments.flatMap(({ id, notes }) => notes.map(({ reason, count }) => `${id}: ${reason} ${count}`));

/** `incident: deployment method`, with the confidence; `none` where it is linked to none. */
export const linkLines = ({ incidents }: ServiceDerivation): string[] =>
  incidents.map(({ id, link: { deployment, service, method, confidence } }) =>
    deployment === null
      ? `${id}: none${method === "none" ? "" : ` by ${method}`}`
      : `${id}: ${service === null ? "unknown " : ""}${deployment} by ${method}, ${confidence}`,
  );

/** `deployment: restored by`, one line per failed one; `open` where it is not. */
export const restoredLines = ({ deployments }: ServiceDerivation): string[] =>
  deployments
    .filter(({ failed }) => failed)
    .map(({ id, restoredBy, restoredHow }) =>
      restoredBy === null ? `${id}: open` : `${id}: ${restoredHow} ${restoredBy}`,
    );
