/** Whom a run calls, as far as its action says so by itself: runs share a place in the queue of those that call the same. */
import { invocationOf } from "../model/action.ts";
import { isObject } from "../model/json.ts";
import type { Run } from "../model/run.ts";

/** The host, where the text in front of the first template has it whole. */
const HOST = /^https?:\/\/(?:[^/?#@{}]*@)?([^/?#@{}]+)(?:[/?#]|$)/i;
const MAX_LENGTH = 200;

/** A template that is nothing but a text: addresses of changelogs. */
const LITERAL = /^\{\{ ("(?:[^"\\]|\\.)*") \}\}$/;

/** null: nobody (the run writes into the catalog). Addresses that templates give are told apart by their action. */
export function laneOf({ action }: Pick<Run, "action">): string | null {
  const { type, url } = invocationOf(action);
  if (type === "UPSERT_ENTITY") return null;
  if (type !== "WEBHOOK" && type !== "SLACK") return String(type);
  return (hostOf(String(url)) ?? `action ${action.identifier}`).slice(0, MAX_LENGTH);
}

/** Whom telling the approvers of a run calls: the host of the action's webhook, or the mail server. */
export function noticeLaneOf({ action }: Pick<Run, "action">): string {
  const notification = action.document["approvalNotification"];
  if (!isObject(notification) || notification["type"] !== "webhook") return "EMAIL";
  return (hostOf(String(notification["url"])) ?? `action ${action.identifier}`).slice(0, MAX_LENGTH);
}

function hostOf(written: string): string | undefined {
  const literal = LITERAL.exec(written)?.[1];
  const url = literal === undefined ? written : String(JSON.parse(literal));
  const [start = ""] = url.split("{{");
  const isWhole = start === url || /^https?:\/\/[^/?#]+[/?#]/i.test(start);
  return isWhole ? HOST.exec(start)?.[1]?.toLowerCase() : undefined;
}
