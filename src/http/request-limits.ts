/**
 * How many requests one credential may send, and one address without a credential, in five minutes. Each process counts
 * for itself: they only have to keep one sender from taking everything, and counting together would be a write for each.
 */
import type { FastifyReply } from "fastify";
import { isIP } from "node:net";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../model/error.ts";

/** null: as many as they like. */
export interface RequestLimitRules {
  readonly perCredential: number | null;
  readonly perAddress: number | null;
}

/**
 * What who proves nothing asks for: who is signed in and to be signed out, as every page does that opens; to be signed in,
 * or a token; anything else, without credentials or with ones that ended. Each is counted for itself: programs that go on
 * with an old token, and pages left open, use up nothing of what they need to come in again.
 */
export type Unproved = "page" | "sign-in" | "address";

export interface RequestLimits {
  /** @throws AppError rate_limited */
  ofCredential(reply: FastifyReply, credential: string): Promise<void>;
  /** @throws AppError rate_limited */
  ofAddress(reply: FastifyReply, address: string, what: Unproved): Promise<void>;
}

const WINDOW_SECONDS = 300;

export function createRequestLimits({ perCredential, perAddress }: RequestLimitRules): RequestLimits {
  const addresses = {
    page: counter("page", "address", perAddress),
    "sign-in": counter("sign-in", "address", perAddress),
    address: counter("address", "address", perAddress),
  };
  return {
    ofCredential: counter("credential", "credential", perCredential),
    ofAddress: (reply, address, what) => addresses[what](reply, networkOf(address)),
  };
}

function counter(
  policy: string,
  sender: string,
  points: number | null,
): (reply: FastifyReply, key: string) => Promise<void> {
  if (points === null) return () => Promise.resolve();
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  return async (reply, key) => {
    const now = await limiter.consume(key).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
    const left = Math.max(0, points - now.consumedPoints);
    const seconds = Math.max(1, Math.ceil(now.msBeforeNext / 1000));
    // Port's own, whose clients take the last for seconds, and those of the IETF's draft.
    void reply.headers({
      "x-ratelimit-limit": points,
      "x-ratelimit-remaining": left,
      "x-ratelimit-period": WINDOW_SECONDS,
      "x-ratelimit-reset": seconds,
      "ratelimit-policy": `"${policy}";q=${points};w=${WINDOW_SECONDS}`,
      ratelimit: `"${policy}";r=${left};t=${seconds}`,
    });
    if (now.consumedPoints > points)
      throw new AppError(
        "rate_limited",
        `more than ${points} requests of one ${sender} in ${WINDOW_SECONDS / 60} minutes; try again in ${seconds} seconds`,
        { retryAfter: seconds },
      );
  };
}

const GROUPS = 8;
/** What one subscriber gets of IPv6. */
const NETWORK_GROUPS = 4;

/** The address itself; of IPv6 its network of 64 bits, all of which somebody has for themselves. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6 || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, GROUPS - first.length - last.length) }, () => "0");
  return `${[...first, ...zeros, ...last].slice(0, NETWORK_GROUPS).join(":")}::/64`;
}
