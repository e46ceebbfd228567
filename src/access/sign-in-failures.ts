/** Counts of what may happen so often only, for all processes together. */
import { createHash } from "node:crypto";
import type { Db } from "../storage/db.ts";
import { type Allowance, giveBackPoint, isAtHome, takePoint } from "../storage/sign-in-failures.ts";

export interface Count {
  /** @returns null when there was one left; else the milliseconds until there is */
  take(): Promise<number | null>;
  /** It was none. */
  giveBack(): Promise<unknown>;
}

export interface Failures {
  /** @param parts of what; stored as a hash: the table says neither who signs in nor from where */
  count(allowance: Allowance, ...parts: readonly string[]): Count;
  /** Whether the account is signed in from this address, or was and has not signed out. */
  isAtHome(email: string, address: string): Promise<boolean>;
}

export const createFailures = (db: Db, org: string, now: () => Date): Failures => ({
  count(allowance, ...parts) {
    const key = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
    return {
      take: () => takePoint(db, org, key, allowance, now()),
      giveBack: () => giveBackPoint(db, org, key),
    };
  },
  isAtHome: (email, address) => isAtHome(db, org, email, address, now()),
});
