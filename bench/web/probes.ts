/** What is read off a page of Chromium: how long somebody waits, how evenly it moves, what it keeps. */
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { calm } from "../../test/e2e/support/browser.ts";

/** The longest event that somebody would have felt while `work` was done (ms), as INP counts: until the next picture. */
export async function worstEvent(page: Page, work: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => {
    const store = globalThis as unknown as { worst: number; observer?: PerformanceObserver };
    store.worst = 0;
    store.observer?.disconnect();
    store.observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if ((entry as unknown as { interactionId: number }).interactionId > 0)
          store.worst = Math.max(store.worst, entry.duration);
    });
    store.observer.observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
  await work();
  // Events are reported when the picture after them is there.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForTimeout(120);
  return page.evaluate(() => (globalThis as unknown as { worst: number }).worst);
}

/** Times between pictures while `work` goes on (ms). */
export async function frames(page: Page, work: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => {
    const store = globalThis as unknown as { frames: number[]; stop: boolean };
    store.frames = [];
    store.stop = false;
    let last = performance.now();
    const next = (now: number): void => {
      store.frames.push(now - last);
      last = now;
      if (!store.stop) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await work();
  return page.evaluate(() => {
    const store = globalThis as unknown as { frames: number[]; stop: boolean };
    store.stop = true;
    return store.frames.slice(1);
  });
}

/** How long after the last answer something was drawn, each time the address is opened anew (ms). */
export async function drawnAfterAnswers(
  context: BrowserContext,
  selector: string,
  address: string,
  runs: number,
): Promise<number[]> {
  const page = await context.newPage();
  await page.addInitScript((wanted) => {
    const look = (): void => {
      if (document.querySelector(wanted) === null) requestAnimationFrame(look);
      else
        requestAnimationFrame(() => ((globalThis as unknown as { drawn: number }).drawn = performance.now()));
    };
    requestAnimationFrame(look);
  }, selector);
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    await page.goto(address);
    await page.waitForFunction(() => (globalThis as unknown as { drawn?: number }).drawn !== undefined);
    times.push(
      await page.evaluate(() => {
        const { drawn } = globalThis as unknown as { drawn: number };
        const answers = performance
          .getEntriesByType("resource")
          .map((entry) => (entry as PerformanceResourceTiming).responseEnd)
          .filter((end) => end <= drawn);
        return drawn - Math.max(0, ...answers);
      }),
    );
  }
  await page.close();
  return times;
}

export interface Loading {
  /** First and largest contentful paint (ms). */
  readonly first: number;
  readonly largest: number;
  /** How much of the page jumped, as the score of the browsers. */
  readonly shift: number;
  /** Of the page's thread until it was ready (ms). */
  readonly cpu: number;
}

/** Opens an address in a tab of its own, without a cache. @param ready done when the page is */
export async function load(
  context: BrowserContext,
  address: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<Loading> {
  const page = await context.newPage();
  await page.addInitScript(() => {
    const store = globalThis as unknown as { largest: number; shift: number };
    store.largest = 0;
    store.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) store.largest = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[])
        if (!entry.hadRecentInput) store.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const session = await page.context().newCDPSession(page);
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const before = await metric(session, "TaskDuration");
  await page.goto(address);
  await ready(page);
  // To ready, as the budget says: what comes below and beyond the window after that is not in it.
  const cpu = ((await metric(session, "TaskDuration")) - before) * 1000;
  await calm(page);
  const seen = await page.evaluate(() => {
    const { largest, shift } = globalThis as unknown as { largest: number; shift: number };
    const first = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
    return { first, largest: Math.max(first, largest), shift };
  });
  await page.close();
  return { ...seen, cpu };
}

export async function metric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find((one) => one.name === name)?.value ?? 0;
}
