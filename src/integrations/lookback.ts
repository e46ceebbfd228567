/** How far back the history of an incident tool is read (the setting `lookbackDays`). */
import { invalid } from "../model/error.ts";
import type { Setting, Settings } from "./connector.ts";

const USUAL_DAYS = "730";
const DAY_MS = 86_400_000;

export const LOOKBACK: Setting = {
  ...{ name: "lookbackDays", title: "Days of history", default: USUAL_DAYS },
  help: "Older incidents are left out.",
};

/** @throws AppError `invalid_request` */
export function checkLookback(settings: Settings): void {
  if (!/^[1-9]\d{0,4}$/.test(settings["lookbackDays"] ?? USUAL_DAYS))
    throw invalid("settings.lookbackDays must be a whole number from 1 to 99999");
}

export const lookbackDays = (settings: Settings): number => Number(settings["lookbackDays"] ?? USUAL_DAYS);

/** What began before this is left out (ms since 1970). */
export const lookbackStart = (settings: Settings): number => Date.now() - lookbackDays(settings) * DAY_MS;
