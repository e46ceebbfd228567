/**
 * Users' regular expressions, so that none can hang the server. A pattern whose worst case on this text is small runs
 * directly; any other runs in a vm script with a time limit, which V8 honours inside its matcher (measured: 20 ms
 * asked, stopped after 21 ms; 0.1-0.2 ms overhead per call).
 */
import { createContext, Script } from "node:vm";
import { patternCost } from "../model/pattern.ts";

/** Steps that may run without a limit: about 2 ms. */
const FREE_STEPS = 200_000;
const LIMIT_MS = 20;
/** Within this time after a run that hit its limit, the next limit is half of the last, so that a batch of hostile values ends soon. */
const MEMORY_MS = 1000;

const TIMED_OUT = "ERR_SCRIPT_EXECUTION_TIMEOUT";

/** Raised when a text could not be matched in time. */
export class PatternTimeout extends Error {
  readonly pattern: string;
  constructor(pattern: string) {
    super(`the pattern ${pattern} takes too long on this value`);
    this.name = "PatternTimeout";
    this.pattern = pattern;
  }
}

let context: { pattern: RegExp | null; text: string } | undefined;
let script: Script | undefined;
let limit = LIMIT_MS;
let lastTimeout = -Infinity;

function testWithLimit(pattern: RegExp, text: string): boolean {
  context ??= createContext({ pattern: null, text: "" }) as { pattern: RegExp | null; text: string };
  script ??= new Script("pattern.test(text)");
  if (performance.now() - lastTimeout > MEMORY_MS) limit = LIMIT_MS;
  context.pattern = pattern;
  context.text = text;
  try {
    return script.runInContext(context, { timeout: limit }) as boolean;
  } catch (error) {
    if ((error as { code?: unknown }).code !== TIMED_OUT) throw error;
    lastTimeout = performance.now();
    limit = Math.max(1, limit >> 1);
    throw new PatternTimeout(pattern.source);
  } finally {
    context.pattern = null;
    context.text = "";
  }
}

/** What ajv asks for a pattern of a schema. */
export interface Matcher {
  test(text: string): boolean;
  toString(): string;
}

/** @throws SyntaxError when the pattern is none; `test` throws PatternTimeout */
export function guardedPattern(source: string): Matcher {
  const pattern = new RegExp(source, "u");
  const { factor, degree } = patternCost(source);
  return {
    test: (text) =>
      factor * Math.max(1, text.length) ** degree <= FREE_STEPS
        ? pattern.test(text)
        : testWithLimit(pattern, text),
    toString: () => pattern.toString(),
  };
}
