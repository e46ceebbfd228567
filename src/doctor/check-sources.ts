/** What is connected: data sources, integrations, webhooks, and the events that their mappings refused. */
import type { FailedEvents, SourceCondition } from "../storage/doctor-reads.ts";
import { type Finding, ok, spanText, warning } from "./finding.ts";

/** A run that is due begins within seconds; an hour late nobody begins it. */
const OVERDUE_SECONDS = 3600;
const SHOWN = 200;

export function checkSources(sources: readonly SourceCondition[], now: Date): Finding[] {
  const findings = sources.flatMap((source) => checkSource(source, now));
  if (findings.length > 0) return findings;
  return [
    ok(
      "sources.runs",
      sources.length === 0
        ? "nothing is connected yet"
        : `the last runs of all ${sources.length} data sources and integrations went well`,
    ),
  ];
}

function checkSource(source: SourceCondition, now: Date): Finding[] {
  const { kind, id, title, status, message, refused, refusal, dueAt } = source;
  const name = `the ${kind} ${JSON.stringify(title)} (${id})`;
  const findings: Finding[] = [];
  if (status === "failed" || status === "aborted")
    findings.push(
      warning(
        "sources.runs",
        `the last run of ${name} failed: ${message?.slice(0, SHOWN) ?? "it did not say why"}`,
        "what changed there since does not arrive, and the numbers are made without it",
        kind === "integration"
          ? "the log of the integration says why (Data sources in the portal)"
          : "check its settings and credentials in the portal (Data sources), then sync it again",
      ),
    );
  else if (message !== null && message !== "" && status === "running")
    findings.push(
      warning(
        "sources.runs",
        `the run of ${name} waits: ${message.slice(0, SHOWN)}`,
        "until it goes on nothing new arrives",
        "it is tried again by itself; where the message names credentials or rights, mend those",
      ),
    );
  const overdue = dueAt === null ? 0 : (now.getTime() - dueAt.getTime()) / 1000;
  if (status !== "running" && overdue > OVERDUE_SECONDS)
    findings.push(
      warning(
        "sources.runs",
        `the next run of ${name} is due for ${spanText(overdue)}`,
        "no worker begins it, so nothing new arrives",
        "start a server with the role all or worker",
      ),
    );
  if (refused > 0)
    findings.push(
      warning(
        "mappings.refused",
        `the last run of ${name} refused ${refused} objects: ${refusal?.slice(0, SHOWN) ?? ""}`,
        "their entities are missing or old",
        "mend its mapping (fairway mapping test shows what one makes of an object), then sync it again",
      ),
    );
  return findings;
}

export function checkEvents(events: readonly FailedEvents[]): Finding[] {
  if (events.length === 0) return [ok("mappings.events", "no event of the last day failed")];
  return events.map(({ source, failed, error }) =>
    warning(
      "mappings.events",
      `${failed} events of ${source} have failed within a day; the last one: ${error?.slice(0, SHOWN) ?? "no reason was kept"}`,
      "what they told is not in the catalog",
      "mend the mapping (the events of the data source in the portal say what is wrong), then replay those that failed",
    ),
  );
}
