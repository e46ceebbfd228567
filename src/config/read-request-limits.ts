import { readCountOrOff, type Text } from "./read-text.ts";

/** Requests in five minutes; null: as many as they like. */
export interface RequestLimitSettings {
  readonly perCredential: number | null;
  readonly perAddress: number | null;
}

const MOST = 100_000_000;

/** More than any client sends that waits for answers, so that a first import is not slowed down; of strangers, who may share an address, more than Port takes. */
export const readRequestLimits = (text: Text): RequestLimitSettings => ({
  perCredential: readCountOrOff("FAIRWAY_RATE_LIMIT", text, 600_000, MOST),
  perAddress: readCountOrOff("FAIRWAY_RATE_LIMIT_ADDRESS", text, 3000, MOST),
});
