/**
 * The log of a run as it grows: server-sent events with every line and every change of the run, from its beginning or
 * after a line, until the run has ended. Hints of the database wake it; a line that was sent is not sent again to who comes
 * back with `Last-Event-ID`.
 */
import * as api from "../api/actions.ts";
import { errors } from "../api/common.ts";
import { marksOfRuns, readRunProgress } from "../automation/run-progress.ts";
import { AppError } from "../model/error.ts";
import type { Ctx } from "../storage/context.ts";
import type { FairwayInstance, RouteDeps } from "./app-types.ts";
import { isStillAllowed } from "./auth.ts";
import { streamHeaders } from "./stream-headers.ts";

export interface RunLogStreams {
  /** Something changed somewhere: who waits looks again. */
  changed(): void;
  close(): void;
}

/** Of all open streams together; who comes too late asks for pages instead. */
const MAX_STREAMS = 100;
/** … of one person or one set of API credentials. */
const MAX_OWN_STREAMS = 20;
const RETRY_AFTER_SECONDS = 10;
/** Bytes that wait for a reader: who does not read is sent no more until they are gone. */
const MAX_BUFFERED = 1_000_000;
/** Who has not read for so long is left alone, and so is who does not take the end. */
const MAX_STALLED_MS = 30_000;
/** Between two looks of a stream. */
const THROTTLE_MS = 300;
/** Hints may get lost. */
const LOOK_MS = 5000;
/** A stream ends then, and is asked for anew, with the rights of then. */
const MAX_AGE_MS = 600_000;
/** So often it is asked whether session or token still hold. */
const ASK_MS = 30_000;

interface Stream {
  readonly ctx: Ctx;
  readonly run: string;
  /** @param mark another one whenever the run changed; undefined: that is not known */
  look(mark?: string): Promise<void>;
  end(): void;
}

/** @param askMs shorter in tests */
export function runLogStreamRoutes(app: FairwayInstance, deps: RouteDeps, askMs = ASK_MS): RunLogStreams {
  const open = new Set<Stream>();
  let waiting: NodeJS.Timeout | null = null;
  let isClosed = false;
  /** One question for all of them: mostly something else has changed. */
  const lookAll = async (): Promise<void> => {
    const streams = [...open];
    const [first] = streams;
    if (first === undefined) return;
    const { ctx } = first;
    try {
      const marks = await marksOfRuns(ctx, [...new Set(streams.map(({ run }) => run))]);
      for (const stream of streams) void stream.look(marks.get(stream.run));
    } catch (error) {
      ctx.log.warn({ err: error }, "followed logs could not be looked at");
    }
  };
  const heartbeat = setInterval(() => void lookAll(), LOOK_MS);
  heartbeat.unref();

  app.get(
    "/v1/actions/runs/:run/logs/live",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags: ["Runs"],
        summary:
          "Server-sent events: log (a line), run (it changed), end; after a line with `after` or Last-Event-ID",
        params: api.RunParams,
        querystring: api.RunLogStreamQuery,
        response: { ...errors(401, 404, 422, 429) },
      },
    },
    async (request, reply) => {
      const ctx = deps.ctx(request);
      const { run } = request.params;
      const last = request.headers["last-event-id"] ?? request.query.after;
      const after = seqOf(typeof last === "string" ? last : undefined);
      // Refused like everything else, before anything is sent.
      await readRunProgress(ctx, run, after, 0);
      if (open.size >= MAX_STREAMS)
        throw new AppError("rate_limited", `${MAX_STREAMS} logs are followed already; ask for its pages`, {
          retryAfter: RETRY_AFTER_SECONDS,
        });
      const own = [...open].filter(({ ctx: { actor } }) => actor.id === ctx.actor.id).length;
      if (own >= MAX_OWN_STREAMS)
        throw new AppError("rate_limited", `you follow ${MAX_OWN_STREAMS} logs already; ask for its pages`, {
          retryAfter: RETRY_AFTER_SECONDS,
        });
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, streamHeaders(request.id));
      raw.write("retry: 2000\n\n");
      const stream = follow(ctx, run, after, {
        write: (text) => void raw.write(text),
        isAllowed: isAllowedNow(() => isStillAllowed(request), askMs),
        isFull: () => raw.writableLength > MAX_BUFFERED,
        end: () => {
          open.delete(stream);
          raw.end();
          const timer = setTimeout(() => raw.destroy(), MAX_STALLED_MS).unref();
          raw.once("close", () => clearTimeout(timer));
        },
        drop: () => {
          open.delete(stream);
          raw.destroy();
        },
      });
      // As in `live.ts`.
      if (isClosed) {
        stream.end();
        return;
      }
      open.add(stream);
      request.raw.on("close", () => open.delete(stream));
      void stream.look();
    },
  );

  return {
    changed() {
      if (open.size === 0 || waiting !== null) return;
      waiting = setTimeout(() => {
        waiting = null;
        void lookAll();
      }, THROTTLE_MS);
      waiting.unref();
    },
    close() {
      isClosed = true;
      clearInterval(heartbeat);
      if (waiting !== null) clearTimeout(waiting);
      open.forEach((stream) => stream.end());
      open.clear();
    },
  };
}

/** Asks at most once in a while; what was true before is true until then. */
function isAllowedNow(ask: () => Promise<boolean>, askMs: number): () => Promise<boolean> {
  let next = Date.now() + askMs;
  return async () => {
    if (Date.now() < next) return true;
    next = Date.now() + askMs;
    return ask();
  };
}

interface Sink {
  write(text: string): void;
  isAllowed(): Promise<boolean>;
  isFull(): boolean;
  end(): void;
  /** Without waiting for the reader. */
  drop(): void;
}

/** A line has 100,000 characters at most. */
const PAGE = 50;

function follow(ctx: Ctx, run: string, from: number, sink: Sink): Stream {
  const until = Date.now() + MAX_AGE_MS;
  let after = from;
  let seen = "";
  let isEnded = false;
  let isLooking = false;
  let isAgain = false;
  /** Of the run as it is, and as it was when everything had been sent. */
  let current: string | undefined;
  let sentUntil: string | undefined;
  let fullSince: number | null = null;
  const end = (): void => {
    isEnded = true;
    sink.end();
  };
  /** Ends it when it is too old, or nobody reads. @returns whether it did */
  const isOver = (): boolean => {
    const now = Date.now();
    fullSince = sink.isFull() ? (fullSince ?? now) : null;
    const isStalled = fullSince !== null && now - fullSince >= MAX_STALLED_MS;
    if (now <= until && !isStalled) return false;
    isEnded = true;
    if (fullSince === null) sink.end();
    else sink.drop();
    return true;
  };
  const lookOnce = async (): Promise<void> => {
    if (!(await sink.isAllowed())) {
      end();
      return;
    }
    const mark = current;
    if (mark !== undefined && mark === sentUntil) return;
    for (let isMore = true; isMore && !isEnded && !sink.isFull();) {
      const { lines, status, updatedAt, hasEnded } = await readRunProgress(ctx, run, after, PAGE);
      for (const line of lines) sink.write(eventOf("log", line, line.id));
      after = lines.length === 0 ? after : seqOf(lines.at(-1)?.id);
      if (updatedAt !== seen) sink.write(eventOf("run", { status, updatedAt }));
      seen = updatedAt;
      isMore = lines.length === PAGE;
      if (isMore) continue;
      // What came while it was read is told by another mark.
      sentUntil = mark;
      if (!hasEnded) continue;
      sink.write(eventOf("end", { status }));
      end();
    }
  };
  return {
    ...{ ctx, run, end },
    async look(mark) {
      if (isEnded || isOver()) return;
      current = mark;
      if (isLooking) {
        isAgain = true;
        return;
      }
      isLooking = true;
      try {
        do {
          isAgain = false;
          await lookOnce();
        } while (isAgain && !isEnded);
        if (!isEnded && !sink.isFull()) sink.write(": alive\n\n");
      } catch (error) {
        // The run is gone, or may not be seen any more.
        if (!(error instanceof AppError)) ctx.log.warn({ err: error, run }, "a log could not be followed");
        end();
      } finally {
        isLooking = false;
      }
    },
  };
}

const eventOf = (name: string, data: unknown, id?: string): string =>
  `${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** `log_12` → 12; anything else: from the beginning. */
const seqOf = (id: string | undefined): number => Number(/^log_(\d{1,15})$/.exec(id ?? "")?.[1] ?? 0);
