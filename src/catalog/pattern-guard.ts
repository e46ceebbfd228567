/**
 * Users' regular expressions, so that none can hang the server. A pattern whose worst case on this text is small runs
 * directly; any other runs in a vm script with a time limit, which V8 honours inside its matcher (measured: 20 ms
 * asked, stopped after 21 ms; 0.1-0.2 ms overhead per call).
 */
import { createContext, Script } from "node:vm";
import { patternCost } from "../model/pattern.ts";

/** Steps that may run without a limit: about 2 ms. */
const FREE_STEPS = 200_000;
/** Generous, because it is wall time: a busy machine must not refuse an innocent value. */
const LIMIT_MS = 50;
/**
 * So many runs may hit the limit within the window, per pattern and in all; then runs that need a limit are refused
 * until it ends, so that a batch of hostile values cannot hold up everybody else.
 */
const WINDOW_MS = 2000;
const MAX_PER_PATTERN = 4;
const MAX_IN_ALL = 16;

const TIMED_OUT = "ERR_SCRIPT_EXECUTION_TIMEOUT";

/** Raised when a text could not be matched in time. */
export class PatternTimeout extends Error {
  constructor(pattern: string) {
    super(`takes too long to match the pattern ${pattern}`);
    this.name = "PatternTimeout";
  }
}

/** Counts the runs that hit the limit within the current window. */
class Strikes {
  readonly #max: number;
  #since = -Infinity;
  #count = 0;
  constructor(max: number) {
    this.#max = max;
  }
  get exhausted(): boolean {
    return this.#count >= this.#max && performance.now() - this.#since < WINDOW_MS;
  }
  add(): void {
    const now = performance.now();
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count++;
  }
}

const everywhere = new Strikes(MAX_IN_ALL);
const context = createContext({ pattern: null, text: "" }) as { pattern: RegExp | null; text: string };
const script = new Script("pattern.test(text)");

function testWithLimit(pattern: RegExp, text: string, strikes: Strikes): boolean {
  if (strikes.exhausted || everywhere.exhausted) throw new PatternTimeout(pattern.source);
  context.pattern = pattern;
  context.text = text;
  try {
    return script.runInContext(context, { timeout: LIMIT_MS }) as boolean;
  } catch (error) {
    if ((error as { code?: unknown }).code !== TIMED_OUT) throw error;
    strikes.add();
    everywhere.add();
    throw new PatternTimeout(pattern.source);
  } finally {
    context.pattern = null;
    context.text = "";
  }
}

/** What ajv asks for a pattern of a schema. */
interface Matcher {
  test(text: string): boolean;
  toString(): string;
}

/** @throws SyntaxError when the pattern is none; `test` throws PatternTimeout */
export function guardedPattern(source: string): Matcher {
  const pattern = new RegExp(source, "u");
  const { factor, degree } = patternCost(source);
  const strikes = new Strikes(MAX_PER_PATTERN);
  return {
    test: (text) =>
      factor * Math.max(1, text.length) ** degree <= FREE_STEPS
        ? pattern.test(text)
        : testWithLimit(pattern, text, strikes),
    toString: () => pattern.toString(),
  };
}
