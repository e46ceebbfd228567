/** What an alert says: the number, its window, its evidence, and who is to read it. */
import type { Alert } from "../../model/alert.ts";
import type { Transition } from "../../model/alert-state.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Seen } from "./alert-samples.ts";
import { silenceSentences } from "./silence-message.ts";

const NAMES: Readonly<Record<string, string>> = {
  deploymentFrequency: "Deployment frequency",
  changeLeadTime: "Change lead time",
  changeFailureRate: "Change failure rate",
  failedDeploymentRecoveryTime: "Failed deployment recovery time",
  meanTimeToRecovery: "Mean time to recovery",
  reworkRate: "Rework rate",
};

export interface AlertPeople {
  readonly emails: readonly string[];
  readonly teamChannels: readonly string[];
}

/** `diff.after` of the event. */
export function alertDocument(
  alert: Alert,
  transition: Transition,
  seen: Seen,
  publicUrl: string,
  people: AlertPeople,
): JsonObject {
  const { subject, sample, shown, observations, window, silence } = seen;
  const evidenceUrl = evidenceOf(alert, seen, publicUrl);
  const rule = ruleOf(alert);
  const isOver = transition === "RESOLVED";
  const title = `${isOver ? "Resolved: " : ""}${alert.title}: ${subject.title}`;
  const basis = observations === null ? "" : ` (${observations})`;
  const span = window === null ? "" : ` from ${window.from.slice(0, 10)} to ${window.to.slice(0, 10)}`;
  const sentence =
    silence === undefined
      ? `${whatOf(alert)} of ${subject.title} is ${shown}${basis}${span}; ${isOver ? "the alert was for" : "the alert is for"} ${rule}.`
      : silenceSentences(subject.title, silence, shown, rule, isOver);
  return {
    alert: { identifier: alert.identifier, title: alert.title },
    subject: { ...subject },
    status: isOver ? "resolved" : "firing",
    ...{ value: sample.value, shown, observations, window, rule, evidenceUrl },
    recipients: { emails: people.emails, teamChannels: people.teamChannels },
    message: { title, text: `${title}\n${sentence}\nEvidence: ${evidenceUrl}`, sentence },
  };
}

function whatOf({ source }: Alert): string {
  switch (source.type) {
    case "metric":
      return NAMES[source.metric] ?? source.metric;
    case "property":
    case "timer":
      return source.property;
    case "scorecard":
      return `Level in ${source.scorecard}`;
    default:
      return "Age of the newest entity";
  }
}

function ruleOf({ rule, source }: Alert): string {
  switch (rule.type) {
    case "threshold": {
      const isRatio =
        source.type === "metric" && (source.metric === "changeFailureRate" || source.metric === "reworkRate");
      return `${rule.is} ${isRatio ? `${Math.round(rule.value * 10_000) / 100} %` : rule.value}`;
    }
    case "fall":
      return source.type === "metric" ? "a fall to a lower tier" : "a fall to a lower level";
    default:
      return "a significant regression against the previous window";
  }
}

function evidenceOf(
  { source }: Alert,
  { subject: { blueprint, entity }, window, silence }: Seen,
  publicUrl: string,
): string {
  if (source.type === "metric") {
    const search = new URLSearchParams({
      ...(blueprint === null || entity === null ? {} : { scope: `${blueprint}:${entity}` }),
      ...(window === null ? {} : { from: window.from.slice(0, 10), to: window.to.slice(0, 10) }),
      ...(source.environment === null ? {} : { env: source.environment }),
      ev: source.metric,
    });
    return `${publicUrl}/dora?${search.toString()}`;
  }
  if (source.type === "dataSource") {
    const id = encodeURIComponent(source.dataSource);
    // Programs that write through the API have no page of their own.
    if (silence?.from === "integration") return `${publicUrl}/sources`;
    return `${publicUrl}/sources/${silence?.from === "webhook" ? "webhooks/" : ""}${id}`;
  }
  const path = [blueprint, entity].flatMap((part) => (part === null ? [] : [encodeURIComponent(part)]));
  return `${publicUrl}/c/${path.join("/")}`;
}
