/**
 * Routes that compute for somebody who waits and write nothing (previews, trials of expressions and mappings): how much of that one
 * credential may have. They cost more than a request that reads, and editors ask with every pause of who types.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { Turns } from "../catalog/turns.ts";
import { AppError } from "../model/error.ts";
import { credentialOf, identityOf } from "./auth.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Limited as trials are. */
    isTrial?: boolean;
  }
}

export interface TrialRules {
  readonly atOnce: number;
  /** Beyond them one is told to come back. */
  readonly mostWaiting: number;
  readonly waitMs: number;
  /** Milliseconds that all of them may take in the window, of each process. */
  readonly workMs: number;
  readonly windowSeconds: number;
}

/** Half of the time; who types in an editor needs seconds of it. */
const RULES: TrialRules = { atOnce: 2, mostWaiting: 8, waitMs: 20_000, workMs: 150_000, windowSeconds: 300 };

interface Line {
  readonly turns: Turns;
  count: number;
}

const ofWhoAsks = (request: FastifyRequest): string => credentialOf(identityOf(request));

/** Of all routes that are added later and say `isTrial`. */
export function limitTrials(
  app: FastifyInstance,
  rules: TrialRules = RULES,
  credential: (request: FastifyRequest) => string = ofWhoAsks,
): void {
  const { atOnce, mostWaiting, waitMs, workMs, windowSeconds } = rules;
  const used = new RateLimiterMemory({ points: workMs, duration: windowSeconds });
  /** Of who has some at the moment. */
  const lines = new Map<string, Line>();

  const inTurn = async <T>(own: string, work: () => Promise<T>): Promise<T> => {
    const line = lines.get(own) ?? { turns: new Turns(atOnce), count: 0 };
    if (line.count >= atOnce + mostWaiting)
      throw new AppError("rate_limited", `${line.count} trials of yours are under way; try again soon`, {
        retryAfter: 1,
      });
    lines.set(own, line);
    line.count += 1;
    let release: (() => void) | undefined;
    try {
      release = await line.turns.take(waitMs);
      if (release === undefined)
        throw new AppError("rate_limited", "trials of yours take long; try again soon", { retryAfter: 1 });
      return await work();
    } finally {
      release?.();
      line.count -= 1;
      if (line.count === 0) lines.delete(own);
    }
  };

  const limited = async <T>(own: string, reply: FastifyReply, work: () => Promise<T>): Promise<T> => {
    const before = await used.get(own);
    if (before !== null && before.consumedPoints >= workMs) {
      const seconds = Math.max(1, Math.ceil(before.msBeforeNext / 1000));
      throw new AppError(
        "rate_limited",
        `trials of yours took more than ${workMs / 1000} seconds in ${windowSeconds / 60} minutes; try again in ${seconds} seconds`,
        { retryAfter: seconds },
      );
    }
    return inTurn(own, async () => {
      if (reply.raw.destroyed) throw new AppError("invalid_request", "it was cancelled before its turn came");
      const begun = performance.now();
      try {
        return await work();
      } finally {
        await used.penalty(own, Math.ceil(performance.now() - begun));
      }
    });
  };

  app.addHook("onRoute", (route) => {
    if (route.config?.isTrial !== true) return;
    const { handler } = route;
    route.handler = async function (request, reply): Promise<unknown> {
      return limited(credential(request), reply, async () => handler.call(this, request, reply));
    };
  });
}
