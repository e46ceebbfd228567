import { createClient } from "../client.ts";
import { closeEarlierRuns } from "./demo-run.ts";
import type { DemoCounts } from "./demo-run.ts";
import { demoEnd } from "./generate-demo.ts";
import { sendDemo } from "./send-demo.ts";
import { services } from "./services.ts";
import { domains, teams } from "./teams.ts";

export interface DemoOptions {
  /** Where the server answers. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The year of the demo ends at the midnight (UTC) before. */
  readonly now: Date;
  /** @param fraction 0..1, never falling */
  readonly onProgress: (fraction: number, text: string) => void;
  readonly signal?: AbortSignal;
}

export interface DemoSummary extends DemoCounts {
  readonly domains: number;
  readonly teams: number;
  readonly services: number;
  /** End of the demo's year. */
  readonly end: Date;
  /** It was there already, whole: nothing was sent. */
  readonly unchanged: boolean;
}

/**
 * Fills the portal with an invented organisation and its last year, by the public API only. Resolves when the
 * numbers are worked out. What an interrupted load has left behind is completed, with the year that it began with.
 */
export async function loadDemo(options: DemoOptions): Promise<DemoSummary> {
  const { url, clientId, clientSecret, now, signal } = options;
  let highest = 0;
  const onProgress = (fraction: number, text: string): void => {
    highest = Math.max(highest, Math.min(1, fraction));
    options.onProgress(highest, text);
  };
  const client = createClient({ url, clientId, clientSecret }, signal === undefined ? {} : { signal });
  const earlier = await closeEarlierRuns(client);
  if (earlier.end === null && (await client.get("/v1/setup")).empty !== true)
    throw new Error("demo data goes into an empty portal only; this one has data of its own");
  const end = earlier.end ?? demoEnd(now);
  const organisation = { domains: domains.length, teams: teams.length, services: services.length };
  if (earlier.isComplete && earlier.totals !== null) {
    onProgress(1, "Demo data is there already");
    return { ...organisation, ...earlier.totals, end: new Date(end), unchanged: true };
  }
  const counts = await sendDemo(client, end, { onProgress, signal });
  return { ...organisation, ...counts, end: new Date(end), unchanged: false };
}
