/** How often somebody may fail to prove who they are. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { recordRefused, type Subject } from "../../access/sign-in-records.ts";
import { type Count, createFailures } from "../../access/sign-in-failures.ts";
import { AppError } from "../../model/error.ts";
import { networkOf } from "../request-limits.ts";
import type { IdentityDeps } from "./identity-deps.ts";
import { seenOf } from "./seen-of.ts";

/** Failures are counted: per address (of IPv6 per network), and per account or client over all addresses, unless it is known at this one. */
const PER_ADDRESS = { points: 10, duration: 60 };
const PER_SUBJECT = { points: 30, duration: 300 };
/** Requests that send somebody an e-mail, whatever comes of them. */
const MAILS_PER_ADDRESS = { points: 10, duration: 900 };
const MAILS_PER_SUBJECT = { points: 3, duration: 900 };

export interface SignInLimits {
  /**
   * Runs the attempt unless there were too many failures; a null result is one. An attempt counts as failed until it
   * has succeeded, so that attempts at the same time cannot all slip through. What fails is in the audit log.
   * @param subject what is guessed at; null where guessing is hopeless and a count over all addresses would only
   * let strangers lock everybody out
   * @param who whose proof it is where the subject is null, for the audit log
   * @throws AppError rate_limited; unauthorized with `message`
   */
  guarded<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    subject: Subject | null,
    attempt: () => Promise<T | null>,
    message: string,
    who?: string,
  ): Promise<T>;
  /** Whether this person may be sent an e-mail for a stranger's request. @throws AppError rate_limited for the address */
  mayMail(request: FastifyRequest, reply: FastifyReply, email: string): Promise<boolean>;
}

export function createSignInLimits(deps: Pick<IdentityDeps, "db" | "org" | "now" | "system">): SignInLimits {
  const { db, org, now } = deps;
  // In front: who floods one process costs the database nothing.
  const here = new RateLimiterMemory(PER_ADDRESS);
  const inMemory = (key: string): Count => ({
    take: () =>
      here.consume(key).then(
        () => null,
        async ({ msBeforeNext }: RateLimiterRes) => {
          await here.reward(key);
          return msBeforeNext;
        },
      ),
    giveBack: () => here.reward(key),
  });
  const failures = createFailures(db, org, now);
  /** Strangers must not shut out whoever comes from where they are signed in; there the address is limited alone. */
  const ofSubject = async (subject: Subject | null, ip: string): Promise<Count | null> => {
    if (subject === null) return null;
    const { kind, name } = subject;
    if (kind === "client") return failures.count(PER_SUBJECT, kind, name, networkOf(ip));
    return (await failures.isAtHome(name, ip)) ? null : failures.count(PER_SUBJECT, kind, name);
  };
  return {
    async guarded(request, reply, subject, attempt, message, who) {
      const taken: Count[] = [];
      const giveBack = async (): Promise<void> => {
        // What is counted in memory is given back for sure; the database may be why this is needed.
        for (const count of taken) await count.giveBack().catch(() => undefined);
      };
      const take = async (count: Count | null): Promise<void> => {
        const refused = (await count?.take()) ?? null;
        if (refused !== null) throw tooMany(reply, refused, "failed attempts");
        if (count !== null) taken.push(count);
      };
      const { ip } = request;
      const network = networkOf(ip);
      let result: Awaited<ReturnType<typeof attempt>>;
      try {
        await take(inMemory(network));
        await take(failures.count(PER_ADDRESS, "address", network));
        await take(await ofSubject(subject, ip));
        result = await attempt();
      } catch (error) {
        await giveBack();
        throw error;
      }
      if (result === null) {
        const named: Subject | null = who === undefined ? null : { kind: "account", name: who };
        await recordRefused(deps.system, subject ?? named, message, seenOf(request));
        throw new AppError("unauthorized", message);
      }
      await giveBack();
      return result;
    },
    async mayMail({ ip }, reply, email) {
      const refused = await failures.count(MAILS_PER_ADDRESS, "mails from", networkOf(ip)).take();
      if (refused !== null) throw tooMany(reply, refused, "requests for e-mail");
      // A stranger is not told: it would say who has an account.
      return (await failures.count(MAILS_PER_SUBJECT, "mails to", email).take()) === null;
    },
  };
}

function tooMany(reply: FastifyReply, milliseconds: number, what: string): AppError {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  void reply.header("retry-after", String(seconds));
  return new AppError("rate_limited", `too many ${what}; try again in ${seconds} seconds`);
}
