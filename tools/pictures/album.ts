/**
 * Takes many subjects at a time, on a machine that may be busy: each is bounded and tried twice, one that fails ends nothing,
 * what is taken is written down at once, and a run that was cut short goes on where it was.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContext } from "playwright-core";
import { launchBrowser } from "../../test/e2e/support/browser.ts";
import { keyOf, type Picture, type Subject, type Who } from "./subject.ts";
import { take } from "./take.ts";

/** Cookies of somebody who is signed in. */
export type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;
export type Sessions = Readonly<Partial<Record<Who, Session>>>;

/** Of one subject, all its pictures; four times what the slowest takes on two quiet cores. */
const LIMIT_MS = 90_000;
/** Of one step of it. */
const STEP_MS = 15_000;
const TRIES = 2;
/** A browser that took so many begins anew: what it holds does not grow without end. */
const PER_BROWSER = 60;
const NOTES = "taken.json";

export interface Options {
  readonly folder: string;
  /** Pages that are drawn at the same time. */
  readonly atOnce: number;
  /** Nothing is begun after it, as `Date.now()`. */
  readonly until: number;
  readonly say: (text: string) => void;
}

export interface Failure {
  readonly key: string;
  readonly reason: string;
}

type Taken = Record<string, readonly Picture[]>;

export class Album {
  readonly failures: Failure[] = [];
  readonly #options: Options;
  readonly #taken: Taken;
  #count = 0;
  #isOver = false;

  /** @param goesOn what an earlier run took is kept; otherwise this one begins anew */
  constructor(options: Options, goesOn: boolean) {
    this.#options = options;
    const notes = join(options.folder, NOTES);
    this.#taken = goesOn && existsSync(notes) ? (JSON.parse(readFileSync(notes, "utf8")) as Taken) : {};
  }

  /** No picture is begun any more. */
  end(): void {
    this.#isOver = true;
  }

  get pictures(): readonly Picture[] {
    return Object.values(this.#taken).flat();
  }

  /** How many of these are not taken yet. */
  missing(subjects: readonly Subject[]): readonly Subject[] {
    return subjects.filter((subject) => this.#taken[keyOf(subject)] === undefined);
  }

  /** Takes those that are not taken yet. */
  async takeAll(subjects: readonly Subject[], sessions: Sessions): Promise<void> {
    const rest = this.missing(subjects);
    const queue = rest.values();
    this.#count = 0;
    const { atOnce } = this.#options;
    await Promise.all(Array.from({ length: atOnce }, () => this.#work(queue, rest.length, sessions)));
  }

  async #work(queue: Iterator<Subject>, total: number, sessions: Sessions): Promise<void> {
    const { until, say } = this.#options;
    // One each: pages of different widths in one browser tear each other's pictures.
    let browser: Browser | null = null;
    try {
      let used = 0;
      while (!this.#isOver && Date.now() < until) {
        const next = queue.next();
        if (next.done === true) return;
        const subject = next.value;
        const began = Date.now();
        let reason = "";
        for (let attempt = 1; attempt <= TRIES; attempt++) {
          if (browser === null || !browser.isConnected() || used >= PER_BROWSER) {
            await browser?.close().catch(() => undefined);
            browser = await launchBrowser();
            used = 0;
          }
          used++;
          const found = await this.#one(browser, subject, sessions);
          if (Array.isArray(found)) {
            this.#note(subject, found as readonly Picture[]);
            reason = "";
            break;
          }
          reason = found as string;
          // It may be the browser that hangs.
          used = PER_BROWSER;
        }
        if (reason !== "") this.failures.push({ key: keyOf(subject), reason });
        const seconds = ((Date.now() - began) / 1000).toFixed(1);
        say(
          `${++this.#count}/${total} ${keyOf(subject)} ${reason === "" ? `${seconds} s` : `FAILED: ${reason}`}`,
        );
      }
    } finally {
      await browser?.close().catch(() => undefined);
    }
  }

  /** The pictures, or why there are none. */
  async #one(browser: Browser, subject: Subject, sessions: Sessions): Promise<readonly Picture[] | string> {
    const limit = new AbortController();
    let context: BrowserContext | null = null;
    try {
      const session = sessions[subject.as ?? "admin"];
      context = await browser.newContext(session === undefined ? {} : { storageState: session });
      context.setDefaultTimeout(STEP_MS);
      const page = await context.newPage();
      return await Promise.race([
        take(page, this.#options.folder, subject),
        sleep(LIMIT_MS, undefined, { signal: limit.signal }).then(
          () => `not ready after ${LIMIT_MS / 1000} s`,
        ),
      ]);
    } catch (error) {
      return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
    } finally {
      limit.abort();
      await Promise.race([context?.close().catch(() => undefined), sleep(5000)]);
    }
  }

  #note(subject: Subject, pictures: readonly Picture[]): void {
    this.#taken[keyOf(subject)] = pictures;
    writeFileSync(join(this.#options.folder, NOTES), JSON.stringify(this.#taken));
  }
}
