/**
 * Spans of what this process does. Until `useTracer` names a tracer there are none: `withSpan` calls its work and that
 * is all. What caused work that is done later stands in its row (`currentTrace`), and the work names it as an origin.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Attributes,
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from "@opentelemetry/api";
import { describeStatement } from "./describe-statement.ts";

export type SpanKindName = "internal" | "server" | "client" | "consumer";

export interface SpanOptions {
  readonly kind?: SpanKindName;
  /** Names and numbers; never what users stored, secrets, or parameters of statements. */
  readonly attributes?: Attributes;
  /** What caused it, as `currentTrace` gave it. Of several, one is continued and the others are linked. */
  readonly origins?: readonly (string | null | undefined)[];
  /** The queue that the work belongs to: see `traceForQueue`. */
  readonly queue?: string;
}

/** A span that is open, as long as its work runs. */
export interface OpenSpan {
  readonly span: Span;
  readonly context: Context;
  readonly queue: string | null;
  statements: number;
  statementMs: number;
}

const KINDS: Readonly<Record<SpanKindName, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
};
/** Spans for statements below one span; of the others their number and time is told. A long synchronisation has thousands. */
const MAX_STATEMENTS = 200;
/** More is dropped by the SDK (`OTEL_SPAN_LINK_COUNT_LIMIT`, 128). */
const MAX_LINKS = 100;

const active = new AsyncLocalStorage<OpenSpan>();
let tracer: Tracer | null = null;

/** null: no more spans. */
export function useTracer(next: Tracer | null): void {
  tracer = next;
}

export const isTracing = (): boolean => tracer !== null;

/** The sampled span at hand as a row keeps it (`traceparent` of W3C Trace Context); null: there is none. */
export function currentTrace(): string | null {
  if (tracer === null) return null;
  const context = active.getStore()?.span.spanContext();
  return context === undefined || (context.traceFlags & TraceFlags.SAMPLED) === 0
    ? null
    : `00-${context.traceId}-${context.spanId}-01`;
}

/** As `currentTrace`, but null for work of the same queue: a job that goes on in a next one would make a trace without end. */
export function traceForQueue(queue: string): string | null {
  return tracer !== null && active.getStore()?.queue === queue ? null : currentTrace();
}

/** null: it is none. */
function parseTrace(text: string | null | undefined): SpanContext | null {
  const [, traceId = "", spanId = "", flags = ""] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text ?? "") ?? [];
  const context: SpanContext = {
    ...{ traceId, spanId, isRemote: true },
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
  };
  return isSpanContextValid(context) ? context : null;
}

/** The origins, each once. */
function contextsOf(origins: SpanOptions["origins"]): SpanContext[] {
  return [...new Set(origins)].flatMap((origin) => parseTrace(origin) ?? []).slice(0, MAX_LINKS);
}

/** Opens a span below the one at hand, or else below its first origin; null: nobody traces. `closeSpan` ends it. */
export function openSpan(name: string, options: SpanOptions = {}): OpenSpan | null {
  if (tracer === null) return null;
  const { kind = "internal", attributes = {}, origins = [], queue = null } = options;
  const parent = active.getStore();
  const contexts = contextsOf(origins);
  const [first] = contexts;
  const above =
    parent?.context ?? (first === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, first));
  const linked = parent === undefined ? contexts.slice(1) : contexts;
  const links = linked.map((context) => ({ context }));
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, links }, above);
  return { span, context: trace.setSpan(above, span), queue, statements: 0, statementMs: 0 };
}

/** Calls `work`, and what it goes on with, below the span. */
export const inSpan = <T>(open: OpenSpan, work: () => T): T => active.run(open, work);

/** @param failure the kind of failure, never its message, which may quote what was stored; null: it went well */
export function closeSpan({ span, statements, statementMs }: OpenSpan, failure: string | null): void {
  if (statements > 0) {
    span.setAttribute("fairway.statements", statements);
    span.setAttribute("fairway.statements_ms", Math.round(statementMs));
  }
  if (failure !== null) {
    span.setAttribute("error.type", failure);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** Does the work in a span of its own. */
export async function withSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  const open = openSpan(name, options);
  if (open === null) return work();
  try {
    const result = await inSpan(open, work);
    closeSpan(open, null);
    return result;
  } catch (error) {
    closeSpan(open, kindOf(error));
    throw error;
  }
}

/** Of an error its SQLSTATE or code, or else its class. */
function kindOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === "string" && /^\w{1,60}$/.test(code)) return code;
  return error instanceof Error ? error.name : "error";
}

/** Adds attributes to the span at hand. */
export function noteOnSpan(attributes: Attributes): void {
  if (tracer !== null) active.getStore()?.span.setAttributes(attributes);
}

/** The work at hand failed, though its caller does not hear of it as an error. */
export function noteFailure(error: unknown): void {
  const open = tracer === null ? undefined : active.getStore();
  open?.span.setAttribute("error.type", kindOf(error));
  open?.span.setStatus({ code: SpanStatusCode.ERROR });
}

/** What else caused the work at hand, known only now. */
export function linkOrigins(origins: readonly (string | null | undefined)[]): void {
  const open = tracer === null ? undefined : active.getStore();
  if (open === undefined) return;
  open.span.addLinks(contextsOf(origins).map((context) => ({ context })));
}

/** Tells of a statement that has just ended. Outside any span (loops that look for work) it is not told. */
export function noteStatement(text: string, ms: number, error: unknown): void {
  const open = tracer === null ? undefined : active.getStore();
  if (tracer === null || open === undefined) return;
  open.statements += 1;
  open.statementMs += ms;
  if (open.statements > MAX_STATEMENTS || !open.span.isRecording()) return;
  const { summary, operation, table, masked } = describeStatement(text);
  const startTime = Date.now() - ms;
  const attributes: Attributes = {
    ...{ "db.system.name": "postgresql", "db.operation.name": operation, "db.query.text": masked },
    ...(table !== null && { "db.collection.name": table }),
  };
  const span = tracer.startSpan(summary, { kind: SpanKind.CLIENT, startTime, attributes }, open.context);
  if (error !== null) {
    span.setAttribute("error.type", kindOf(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(startTime + ms);
}
