/** Events of data sources as `…/events` tells them. */

import type { EventStatus } from "../lib/event-search.ts";

interface Flaw {
  /** Of a webhook's mapping. */
  readonly resource?: number;
  /** Of a connected system. */
  readonly kind?: string;
  readonly key?: string;
  readonly field?: string;
  readonly blueprint?: string | null;
  readonly identifier?: string | null;
  readonly reason: string;
}

/** Counts, and what went wrong; of a request that was turned away its reason, and how often. */
export interface EventOutcome {
  readonly errors?: readonly Flaw[];
  readonly warnings?: readonly string[];
  readonly message?: string;
  readonly reason?: string;
  readonly [count: string]: unknown;
}

export interface SourceEvent {
  readonly id: string;
  readonly status: EventStatus;
  readonly receivedAt: string;
  readonly processedAt: string | null;
  readonly bytes: number;
  readonly outcome: EventOutcome | null;
}

export interface SentEvent extends SourceEvent {
  readonly headers?: unknown;
  readonly queryParams?: unknown;
  readonly body?: unknown;
}

const COUNTS = ["created", "updated", "unchanged", "deleted", "filtered", "commits"] as const;

/** `2 created · 1 filtered`. */
export function figuresOf(outcome: EventOutcome | null): string {
  if (outcome === null) return "";
  const { count } = outcome;
  if (typeof count === "number") return count === 1 ? "once" : `${count} times within a minute`;
  return COUNTS.flatMap((name) => {
    const value = outcome[name];
    return typeof value === "number" && value > 0 ? [`${value} ${name}`] : [];
  }).join(" · ");
}

/** Each with where it went wrong. */
export function problemsOf(outcome: EventOutcome | null): string[] {
  if (outcome === null) return [];
  const { message, reason, errors = [] } = outcome;
  const said = [message, reason].filter((text) => typeof text === "string");
  return [...new Set([...said, ...errors.map(flawText)])];
}

function flawText({ resource, kind, key, field, blueprint, identifier, reason }: Flaw): string {
  const part = kind === undefined ? key : field;
  const where = [
    kind === undefined ? (resource === undefined ? "" : `mapping ${resource + 1}`) : `${kind} ${key ?? ""}`,
    part ?? "",
    [blueprint, identifier].filter((text) => text !== null && text !== undefined).join(" "),
  ].filter((text) => text.trim() !== "");
  return where.length === 0 ? reason : `${where.join(", ")}: ${reason}`;
}
