/** Whom a run calls, as far as its action says so by itself: runs share a place in the queue of those that call the same. */
import { invocationOf } from "../model/action.ts";
import type { Run } from "../model/run.ts";

/** The host, where the text in front of the first template has it whole. */
const HOST = /^https?:\/\/(?:[^/?#@{}]*@)?([^/?#@{}]+)(?:[/?#]|$)/i;
const MAX_LENGTH = 200;

/** null: nobody (the run writes into the catalog). Addresses that templates give are told apart by their action. */
export function laneOf({ action }: Pick<Run, "action">): string | null {
  const { type, url } = invocationOf(action);
  if (type === "UPSERT_ENTITY") return null;
  if (type !== "WEBHOOK" && type !== "SLACK") return String(type);
  const [start = ""] = String(url).split("{{");
  const isWhole = start === url || /^https?:\/\/[^/?#]+[/?#]/i.test(start);
  const host = isWhole ? HOST.exec(start)?.[1] : undefined;
  return (host === undefined ? `action ${action.identifier}` : host.toLowerCase()).slice(0, MAX_LENGTH);
}
