/** Looks at alerts: samples are read outside transactions, what follows is written in one, by one process at a time. */
import type { Actor } from "../../model/actor.ts";
import { type Alert, parseAlert } from "../../model/alert.ts";
import { FIRST_STATE, isSilenced, stepAlert, type Transition } from "../../model/alert-state.ts";
import { ALERT_KIND } from "../../model/automation-event.ts";
import { isObject, type JsonObject, sameJson } from "../../model/json.ts";
import {
  dropSubjects,
  endLease,
  extendAlert,
  insertAlertEvents,
  leaseAlert,
  listAlerts,
  readAlert,
  readStates,
  setDigestAt,
  type StateRow,
  takeUntold,
  writeStates,
} from "../../storage/alerts.ts";
import { appendChanges, type ChangeRow } from "../../storage/changes.ts";
import type { Ctx } from "../../storage/context.ts";
import { keepLease, leaseSecondsOf } from "../../storage/keep-lease.ts";
import { transact } from "../../storage/transact.ts";
import type { AlertMeans } from "./alert-means.ts";
import { alertDocument, type AlertPeople } from "./alert-message.ts";
import { peopleOf } from "./alert-people.ts";
import { readSamples, type Seen } from "./alert-samples.ts";
import type { AlertWatch, Scope } from "./alert-watch.ts";

const ALERT_ACTOR: Actor = { kind: "system", id: "fairway:alert", datasource: null };
const PERIODS = { hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Looks at every alert that `isDue` says.
 * @param watch what changed since the last round with it; without one everything is looked at
 * @returns whether anything was told
 */
export async function alertRound(
  ctx: Ctx,
  means: AlertMeans,
  isDue: (alert: Alert) => boolean = () => true,
  watch: AlertWatch | null = null,
): Promise<boolean> {
  let told = false;
  const alerts = (await listAlerts(ctx.db, ctx.org)).flatMap((row) => {
    const alert = readable(ctx, row.document);
    return alert?.enabled === true ? [{ row, alert }] : [];
  });
  // What changed is of no interest where nobody asks.
  if (alerts.some(({ alert }) => isDue(alert))) await watch?.advance(ctx);
  else watch?.rest();
  for (const { row, alert } of alerts) {
    if (isDue(alert) && (await lookWithin(ctx, alert, JSON.stringify(row.document), means, watch)))
      told = true;
    if (alert.digest !== null && (await tellDigest(ctx, alert, row.digest_at, means))) told = true;
  }
  return told;
}

function readable(ctx: Ctx, document: JsonObject): Alert | null {
  try {
    return parseAlert(document).alert;
  } catch (error) {
    ctx.log.error({ err: error, alert: document["identifier"] }, "an alert cannot be read");
    return null;
  }
}

async function lookWithin(
  ctx: Ctx,
  alert: Alert,
  document: string,
  means: AlertMeans,
  watch: AlertWatch | null,
): Promise<boolean> {
  const now = performance.now();
  const scope = watch === null ? "all" : await watch.scopeOf(ctx, alert, document, now);
  if (scope === null) return false;
  const outcome = await lookAt(ctx, alert, document, scope, means);
  if (outcome === "missed") watch?.note(alert, document, now, false);
  else if (scope === "all") watch?.note(alert, document, now, true);
  return outcome === "told";
}

/** `missed`: somebody else was at it, it is another by now, or it failed, so that what changed is still to be looked at. */
type Outcome = "told" | "nothing" | "missed";

/** @param document as `alert` was read from: by another one, all that is known would be of nobody */
async function lookAt(
  ctx: Ctx,
  alert: Alert,
  document: string,
  scope: Scope,
  means: AlertMeans,
): Promise<Outcome> {
  const { identifier } = alert;
  const leased = await leaseAlert(ctx.db, ctx.org, identifier, leaseSecondsOf(ctx));
  if (leased === null) return "missed";
  const { token } = leased;
  if (JSON.stringify(leased.document) !== document) {
    await endLease(ctx.db, ctx.org, identifier, token);
    return "missed";
  }
  const stopExtending = keepLease(ctx, { alert: identifier }, (seconds) =>
    extendAlert(ctx.db, ctx.org, identifier, token, seconds),
  );
  try {
    const seen = await readSamples(ctx, alert, means, scope);
    const subjects = scope === "all" ? null : [...scope].map((entity) => subjectKey(alert, entity));
    const known = await readStates(ctx.db, ctx.org, identifier, subjects);
    // Whoever holds the lease is alone with the states.
    if (isAsKnown(ctx, alert, seen, known)) {
      await endLease(ctx.db, ctx.org, identifier, token);
      return "nothing";
    }
    return await transact({ ...ctx, actor: ALERT_ACTOR }, async (tx) => {
      const ended = await endLease(tx.db, tx.org, identifier, token);
      if (ended === null || JSON.stringify(ended) !== document) return "missed";
      return (await judge(tx, alert, seen, known, means)) ? "told" : "nothing";
    });
  } catch (error) {
    ctx.log.warn({ err: error, alert: identifier }, "an alert could not be looked at");
    await endLease(ctx.db, ctx.org, identifier, token);
    return "missed";
  } finally {
    stopExtending();
  }
}

/** Of an entity, as samples name it. */
function subjectKey({ source }: Alert, entity: string): string {
  return `${"blueprint" in source ? source.blueprint : ""}:${entity}`;
}

/** Nothing to write: the same subjects, values and states, and nothing to be told. */
function isAsKnown(ctx: Ctx, alert: Alert, seen: readonly Seen[], rows: readonly StateRow[]): boolean {
  const now = ctx.now().getTime();
  const silenced = isSilenced(alert, now);
  const known = new Map(rows.map((row) => [row.subject, row]));
  return (
    seen.length === rows.length &&
    seen.every(({ subject, sample }) => {
      const row = known.get(subject.key);
      if (row?.value !== sample.value) return false;
      const { state, transition } = stepAlert(alert.rule, row.state, sample, silenced, now);
      return transition === null && sameJson(state, row.state);
    })
  );
}

/** In the transaction that ends the lease. */
async function judge(
  tx: Ctx,
  alert: Alert,
  seen: readonly Seen[],
  rows: readonly StateRow[],
  means: AlertMeans,
): Promise<boolean> {
  const now = tx.now();
  const silenced = isSilenced(alert, now.getTime());
  const known = new Map(rows.map((row) => [row.subject, row]));
  const changed: Parameters<typeof writeStates>[3][number][] = [];
  const transitions: { transition: Transition; seen: Seen }[] = [];
  for (const one of seen) {
    const { subject, sample } = one;
    const row = known.get(subject.key);
    known.delete(subject.key);
    const before = row?.state ?? FIRST_STATE;
    const { state, transition } = stepAlert(alert.rule, before, sample, silenced, now.getTime());
    if (transition !== null) transitions.push({ transition, seen: one });
    if (row === undefined || row.value !== sample.value || !sameJson(state, before))
      changed.push({ subject: subject.key, title: subject.title, state, value: sample.value });
  }
  await writeStates(tx.db, tx.org, alert.identifier, changed, now);
  // What is no more, or not watched any more, is not told of.
  await dropSubjects(tx.db, tx.org, alert.identifier, [...known.keys()]);
  if (transitions.length === 0) return false;
  const told = [];
  // Many subjects have the same owners, and all of them may fire at once.
  const peopleBy = new Map<string, AlertPeople>();
  for (const { transition, seen: one } of transitions) {
    const owners = JSON.stringify([one.subject.blueprint === null, one.subject.teams]);
    const people = peopleBy.get(owners) ?? (await peopleOf(tx, alert, [one.subject]));
    peopleBy.set(owners, people);
    const document = alertDocument(alert, transition, one, means.publicUrl(), people);
    told.push({ subject: one.subject.key, transition, document });
  }
  const isDigest = alert.digest !== null;
  await insertAlertEvents(tx.db, tx.org, alert.identifier, told, now, !isDigest);
  if (!isDigest)
    await appendChanges(
      tx,
      now,
      told.flatMap(({ transition, document }) => rowsOf(alert, transition, document)),
    );
  return !isDigest;
}

/** The event itself, and one more for the channel of each team. */
function rowsOf(alert: Alert, transition: string, after: JsonObject): ChangeRow[] {
  const row = (action: string, state: JsonObject): ChangeRow => ({
    ...{ kind: ALERT_KIND, action, blueprint: blueprintOf(after), identifier: alert.identifier },
    ...{ before: null, after: state },
  });
  const recipients = isObject(after["recipients"]) ? after["recipients"] : {};
  const channels = (recipients["teamChannels"] ?? []) as readonly string[];
  const isForTeams = transition !== "RESOLVED" || alert.resolved;
  return [
    row(transition, after),
    ...(isForTeams ? channels.map((channel) => row("TEAM", { ...after, channel })) : []),
  ];
}

function blueprintOf({ subject }: JsonObject): string | null {
  const blueprint = isObject(subject) ? subject["blueprint"] : null;
  return typeof blueprint === "string" ? blueprint : null;
}

/** What came together since the last digest, as one message. The first one is due a whole period after the alert was made. */
async function tellDigest(ctx: Ctx, alert: Alert, due: Date | null, means: AlertMeans): Promise<boolean> {
  const now = ctx.now();
  if (due !== null && due > now) return false;
  const period = PERIODS[alert.digest ?? "day"];
  const next = new Date((Math.floor(now.getTime() / period) + 1) * period);
  return transact({ ...ctx, actor: ALERT_ACTOR }, async (tx) => {
    const row = await readAlert(tx.db, tx.org, alert.identifier, true);
    if (row === null || (row.digest_at?.getTime() ?? null) !== (due?.getTime() ?? null)) return false;
    await setDigestAt(tx.db, tx.org, alert.identifier, next);
    if (due === null) return false;
    const events = await takeUntold(tx.db, tx.org, alert.identifier, now);
    if (events.length === 0) return false;
    const items = events.map(({ document }) => document);
    await appendChanges(tx, now, rowsOf(alert, "DIGEST", digestOf(alert, items, means.publicUrl())));
    return true;
  });
}

function digestOf(alert: Alert, items: readonly JsonObject[], publicUrl: string): JsonObject {
  const part = (item: JsonObject, key: string): string => {
    const message = isObject(item["message"]) ? item["message"] : {};
    const said = message[key];
    return typeof said === "string" ? said : "";
  };
  const people = (key: string): string[] => [
    ...new Set(
      items.flatMap(({ recipients }) => (isObject(recipients) ? (recipients[key] as string[]) : [])),
    ),
  ];
  const title = `${alert.title}: ${items.length} ${items.length === 1 ? "change" : "changes"}`;
  return {
    alert: { identifier: alert.identifier, title: alert.title },
    ...{ status: "digest", items, evidenceUrl: publicUrl },
    recipients: { emails: people("emails"), teamChannels: people("teamChannels") },
    message: {
      title,
      sentence: items.map((item) => `• ${part(item, "title")}`).join("\n"),
      text: [title, ...items.map((item) => `\n${part(item, "text")}`)].join("\n"),
    },
  };
}
