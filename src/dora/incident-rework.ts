/** Which deployments incidents blame, and which were made to repair them (dora.md sections 4 and 11). */
import type { Change } from "./changes.ts";
import type { Track } from "./derive.ts";
import type { ReworkDetail } from "./derived.ts";
import type { IncidentFindings } from "./failure.ts";
import type { DeploymentFact, DerivationSettings } from "./facts.ts";
import type { History } from "./history.ts";
import { endOf, type LinkedIncident } from "./incident-links.ts";
import type { MessageFacts } from "./commit-message.ts";

interface Findings extends IncidentFindings {
  readonly linked: LinkedIncident[];
  readonly rework: ReworkDetail[];
}

/** One list per track, one entry per step. */
export function incidentFindings(
  linked: readonly LinkedIncident[],
  tracks: readonly Track[],
  service: string,
  history: History,
  settings: DerivationSettings,
): Findings[][] {
  const findings = tracks.map(({ steps }) => steps.map((): Findings => ({ linked: [], rework: [] })));
  const places = new Map<string, Findings[]>();
  tracks.forEach(({ steps }, track) =>
    steps.forEach(({ deployment }, step) => {
      const place = (findings[track] as Findings[])[step] as Findings;
      places.set(deployment.id, [...(places.get(deployment.id) ?? []), place]);
    }),
  );
  for (const one of linked) {
    if (one.link.deployment === null) continue;
    for (const place of places.get(one.link.deployment) ?? []) place.linked.push(one);
  }
  for (const one of linked) {
    const last = lastBeforeEnd(one, tracks, service, settings);
    if (last !== null) (findings[last.track] as Findings[])[last.step]?.rework.push(last.detail);
  }
  addNamed(linked, tracks, history, findings);
  return findings;
}

/** The last successful production deployment of the service that finished in (started, ended]. */
function lastBeforeEnd(
  { incident, link }: LinkedIncident,
  tracks: readonly Track[],
  service: string,
  settings: DerivationSettings,
): { track: number; step: number; detail: ReworkDetail } | null {
  const { endedAt, excluded } = endOf(incident);
  if (endedAt === null || excluded !== null || !incident.services.includes(service)) return null;
  let best: { track: number; step: number; deployment: DeploymentFact } | null = null;
  tracks.forEach(({ steps }, track) =>
    steps.forEach(({ deployment, succeeded }, step) => {
      if (!succeeded || !settings.productionEnvironments.includes(deployment.environment)) return;
      const { finishedAt } = deployment;
      if (finishedAt <= incident.startedAt || finishedAt > endedAt) return;
      // What caused it did not repair it.
      if (deployment.id === link.deployment) return;
      if (best === null || finishedAt >= best.deployment.finishedAt) best = { track, step, deployment };
    }),
  );
  if (best === null) return null;
  const { track, step } = best;
  const detail = `the last deployment before incident ${incident.title ?? incident.id} was resolved`;
  return { track, step, detail: { reason: "incident", repairs: link.deployment, detail } };
}

/** A word that could be the name of an incident: letters and a digit at least, so that `#12` or `v2` are none. */
const isName = (id: string): boolean => id.length >= 4 && /\d/.test(id) && /[a-z]/i.test(id);

/** Shipped changes whose title or labels name an incident. */
function addNamed(
  linked: readonly LinkedIncident[],
  tracks: readonly Track[],
  history: History,
  findings: readonly Findings[][],
): void {
  const byName = new Map<string, LinkedIncident>();
  for (const one of linked)
    if (isName(one.incident.id) && one.incident.status !== "ignored")
      byName.set(one.incident.id.toLowerCase(), one);
  if (byName.size === 0) return;
  tracks.forEach(({ attribution }, track) =>
    attribution.contents.forEach(({ shipped }, step) => {
      const found = new Map<string, string>();
      for (const { change } of shipped)
        for (const text of textsOf(history.changes.list[change] as Change, history))
          for (const word of wordsOf(text))
            if (byName.has(word) && (found.get(word) ?? "\uffff") > text) found.set(word, text);
      for (const [word, text] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const { incident, link } = byName.get(word) as LinkedIncident;
        (findings[track] as Findings[])[step]?.rework.push({
          reason: "incident",
          repairs: link.deployment,
          detail: `ships "${text.slice(0, 200)}", which names incident ${incident.id}`,
        });
      }
    }),
  );
}

/** Title and labels of a change; of a commit its subject. */
function textsOf({ review, commits, landing }: Change, { messages }: History): string[] {
  const texts = review === null ? [] : [...(review.title === null ? [] : [review.title]), ...review.labels];
  if (texts.length > 0 && review?.title !== null) return texts;
  const shown = landing === null ? commits : [landing];
  for (const commit of shown) {
    const { title, subject } = messages[commit] as MessageFacts;
    texts.push(title ?? subject);
  }
  return texts;
}

/** Words as identifiers are written (`INC-7`, `a.b_c`), and the same without what a sentence puts around them. */
function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}._:/@=-]*/gu) ?? []).flatMap((word) => {
    const bare = word.replace(/[._:/@=-]+$/u, "");
    return word === bare ? [word] : [word, bare];
  });
}
