import { readCount, readCountOrOff, type Text } from "./read-text.ts";

export interface SessionSettings {
  readonly hours: number;
  readonly idleMinutes: number;
  /** Of administrators; null: as everybody's. */
  readonly adminIdleMinutes: number | null;
  /** null: never. */
  readonly proofMinutes: number | null;
}

/** A fortnight; three days without anybody there, longer than a weekend; two hours for what is sensitive. */
export const readSessions = (text: Text): SessionSettings => ({
  hours: readCount("FAIRWAY_SESSION_HOURS", text, 336, 8760),
  idleMinutes: readCount("FAIRWAY_SESSION_IDLE_MINUTES", text, 4320, 525_600),
  adminIdleMinutes:
    text("FAIRWAY_ADMIN_SESSION_IDLE_MINUTES") === null
      ? null
      : readCount("FAIRWAY_ADMIN_SESSION_IDLE_MINUTES", text, 1, 525_600),
  proofMinutes: readCountOrOff("FAIRWAY_SIGN_IN_AGAIN_MINUTES", text, 120, 525_600),
});
