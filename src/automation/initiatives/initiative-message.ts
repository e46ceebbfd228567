/** What a reminder of an initiative says, and to whom. */
import type { Initiative } from "../../model/initiative.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Counted, OpenEntity } from "./count-initiative.ts";

const DAY_MS = 86_400_000;
/** Entities that a message names. */
export const NAMED = 20;

export type InitiativeEvent = "REMINDER" | "OVERDUE" | "REACHED";

/** `diff.after` of the event. */
export function initiativeDocument(
  initiative: Initiative,
  event: InitiativeEvent,
  counted: Counted,
  open: readonly OpenEntity[],
  {
    now,
    publicUrl,
    emails,
  }: { readonly now: number; readonly publicUrl: string; readonly emails: readonly string[] },
): JsonObject {
  const { identifier, title, blueprint, scorecard, level, rules, owner, team, dueAt } = initiative;
  const evidenceUrl = `${publicUrl}/initiatives/${encodeURIComponent(identifier)}`;
  const heading = event === "REACHED" ? `Reached: ${title}` : title;
  const sentence = sentenceOf(initiative, event, counted, now);
  const named = open.slice(0, NAMED).map((entity) => `• ${entity.title}`);
  const more = counted.total - counted.done - named.length;
  const list =
    event === "REACHED" || named.length === 0 ? [] : [...named, ...(more > 0 ? [`and ${more} more`] : [])];
  return {
    initiative: { identifier, title, blueprint, scorecard, level, rules, owner, team },
    ...{ status: event.toLowerCase(), total: counted.total, done: counted.done },
    dueDate: new Date(dueAt).toISOString(),
    open: open.slice(0, NAMED).map((entity) => ({ ...entity })),
    evidenceUrl,
    recipients: { emails },
    message: {
      ...{ title: heading, sentence },
      text: [heading, sentence, ...list, `Details: ${evidenceUrl}`].join("\n"),
    },
  };
}

function sentenceOf(
  { dueAt, level, rules, scorecard }: Initiative,
  event: InitiativeEvent,
  { total, done }: Counted,
  now: number,
): string {
  const goal =
    level === null ? `${rules.length === 1 ? "the rule" : "the rules"} ${rules.join(", ")}` : level;
  const day = new Date(dueAt - 1).toISOString().slice(0, 10);
  if (event === "REACHED") return `All ${total} have reached ${goal} in ${scorecard}.`;
  const days = Math.round(Math.abs(dueAt - now) / DAY_MS);
  const when =
    event === "OVERDUE"
      ? `was due on ${day}${days === 0 ? "" : `, ${days} ${days === 1 ? "day" : "days"} ago`}`
      : `is due on ${day}${days === 0 ? "" : `, in ${days} ${days === 1 ? "day" : "days"}`}`;
  return `${total - done} of ${total} have not reached ${goal} in ${scorecard} yet; it ${when}.`;
}
