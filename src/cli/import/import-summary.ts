import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../client.ts";
import type { ApiClient, JsonObject } from "../client.ts";
import { asNumber, asObject } from "../dora-answer.ts";
import type { Reporter } from "../reporter.ts";
import { isoTime } from "./commit-row.ts";
import type { ImportOutcome } from "./import-repository.ts";

const SETTLE_LIMIT_MS = 15 * 60_000;
const DAY = 86_400;

/** Waits until everything sent is in the numbers; false when it takes longer than a quarter of an hour. */
export async function waitSettled(
  client: ApiClient,
  reporter: Reporter,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const deadline = Date.now() + SETTLE_LIMIT_MS;
  let pause = 100;
  let most = 0;
  for (;;) {
    const status = await client.get("/v1/dora/status");
    if (status["settled"] === true) {
      reporter.done();
      return true;
    }
    if (Date.now() > deadline) {
      reporter.done();
      return false;
    }
    const pending = Object.values(asObject(status["pending"])).reduce<number>(
      (sum, count) => sum + (asNumber(count) ?? 0),
      0,
    );
    if (pending > most) {
      most = pending;
      reporter.phase("Computing", most);
    }
    reporter.progress(most - pending);
    await sleep(pause, undefined, signal === undefined ? {} : { signal });
    pause = Math.min(1000, pause * 1.5);
  }
}

export interface SummaryWindow {
  readonly query: Readonly<Record<string, string>>;
  /** The same for the page's address: days, both included; empty for its default. */
  readonly page: Readonly<Record<string, string>>;
  readonly words: string;
}

/**
 * The window for the numbers: the last 90 days, or, when the newest deployment is older, the last 12 months of the
 * history (so that an old repository shows something else than nothing).
 */
export function summaryWindow(newest: number | null, now: number): SummaryWindow {
  if (newest === null || newest >= now - 90 * DAY)
    return { query: { last: "90d" }, page: {}, words: "last 90 days" };
  const to = (Math.floor(newest / DAY) + 1) * DAY;
  const from = to - 365 * DAY;
  const day = (seconds: number) => isoTime(seconds).slice(0, 10);
  return {
    query: { from: isoTime(from), to: isoTime(to) },
    page: { from: day(from), to: day(newest) },
    words: `no deployment in the last 90 days, so the last 12 months of its history: ${day(from)} to ${day(newest)}`,
  };
}

/** The address of the DORA page for a service; `:`, `/` and `@` are legal in a query and stay readable. */
export function pageAddress(
  url: string,
  service: string,
  window: SummaryWindow,
  environment: string,
): string {
  const pairs = {
    scope: `service:${service}`,
    ...window.page,
    ...(environment === "Production" ? {} : { env: environment }),
  };
  const readable = (text: string) =>
    encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2F", "/").replaceAll("%40", "@");
  const query = Object.entries(pairs).map(([key, value]) => `${key}=${readable(value)}`);
  return `${url}/dora?${query.join("&")}`;
}

export interface ServiceNumbers {
  readonly service: string;
  readonly window: string;
  readonly page: string;
  /** Null when the server could not tell; then `error` says why. */
  readonly answer: JsonObject | null;
  readonly error: string | null;
}

export async function serviceNumbers(
  client: ApiClient,
  outcome: ImportOutcome,
  environment: string,
  now: number,
): Promise<ServiceNumbers[]> {
  const window = summaryWindow(outcome.newest, now);
  const numbers: ServiceNumbers[] = [];
  for (const { identifier } of outcome.services) {
    const query = new URLSearchParams({ blueprint: "service", entity: identifier, ...window.query });
    if (environment !== "Production") query.set("environment", environment);
    let answer: JsonObject | null = null;
    let error: string | null = null;
    try {
      answer = await client.get(`/v1/dora/metrics?${query.toString()}&compare=previous`);
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      error = thrown.message;
    }
    numbers.push({
      service: identifier,
      window: window.words,
      page: pageAddress(client.page, identifier, window, environment),
      answer,
      error,
    });
  }
  return numbers;
}
