/** How often somebody may fail to prove who they are. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../../model/error.ts";

/** Failures are counted: per address, and per account or client id over all addresses. */
const PER_ADDRESS = { points: 10, duration: 60 };
const PER_SUBJECT = { points: 30, duration: 300 };
/** Requests that send somebody an e-mail, whatever comes of them. */
const MAILS_PER_ADDRESS = { points: 10, duration: 900 };
const MAILS_PER_SUBJECT = { points: 3, duration: 900 };

export interface SignInLimits {
  /**
   * Runs the attempt unless there were too many failures; a null result is one. An attempt counts as failed until it
   * has succeeded, so that attempts at the same time cannot all slip through.
   * @param subject what is guessed at; null where guessing is hopeless and a count over all addresses would only
   * let strangers lock everybody out
   * @throws AppError rate_limited; unauthorized with `message`
   */
  guarded<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    subject: string | null,
    attempt: () => Promise<T | null>,
    message: string,
  ): Promise<T>;
  /** Whether this person may be sent an e-mail for a stranger's request. @throws AppError rate_limited for the address */
  mayMail(request: FastifyRequest, reply: FastifyReply, email: string): Promise<boolean>;
}

export function createSignInLimits(): SignInLimits {
  const byAddress = new RateLimiterMemory(PER_ADDRESS);
  const bySubject = new RateLimiterMemory(PER_SUBJECT);
  const mailsByAddress = new RateLimiterMemory(MAILS_PER_ADDRESS);
  const mailsBySubject = new RateLimiterMemory(MAILS_PER_SUBJECT);
  return {
    async guarded(request, reply, subject, attempt, message) {
      const counts: (readonly [RateLimiterMemory, string])[] = [[byAddress, request.ip]];
      if (subject !== null) counts.push([bySubject, subject]);
      const taken: typeof counts = [];
      const giveBack = async (): Promise<void> => {
        for (const [limiter, key] of taken) await limiter.reward(key);
      };
      for (const [limiter, key] of counts) {
        const refused = await take(limiter, key);
        taken.push([limiter, key]);
        if (refused === null) continue;
        await giveBack();
        throw tooMany(reply, refused, "failed attempts");
      }
      let result: Awaited<ReturnType<typeof attempt>>;
      try {
        result = await attempt();
      } catch (error) {
        await giveBack();
        throw error;
      }
      if (result === null) throw new AppError("unauthorized", message);
      await giveBack();
      return result;
    },
    async mayMail(request, reply, email) {
      const refused = await take(mailsByAddress, request.ip);
      if (refused !== null) throw tooMany(reply, refused, "requests for e-mail");
      // A stranger is not told: it would say who has an account.
      return (await take(mailsBySubject, email)) === null;
    },
  };
}

/** @returns null when there was one left */
const take = (limiter: RateLimiterMemory, key: string): Promise<RateLimiterRes | null> =>
  limiter.consume(key).then(
    () => null,
    (state: RateLimiterRes) => state,
  );

function tooMany(reply: FastifyReply, { msBeforeNext }: RateLimiterRes, what: string): AppError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  void reply.header("retry-after", String(seconds));
  return new AppError("rate_limited", `too many ${what}; try again in ${seconds} seconds`);
}
