import { readCountOrOff, type Text } from "./read-text.ts";

/** Requests in five minutes; null: as many as they like. */
export interface RequestLimitSettings {
  readonly perCredential: number | null;
  readonly perAddress: number | null;
}

const MOST = 100_000_000;

/** As many as Port takes for entities; of strangers, who may share an address, more than it does. */
export const readRequestLimits = (text: Text): RequestLimitSettings => ({
  perCredential: readCountOrOff("FAIRWAY_RATE_LIMIT", text, 35_000, MOST),
  perAddress: readCountOrOff("FAIRWAY_RATE_LIMIT_ADDRESS", text, 3000, MOST),
});
