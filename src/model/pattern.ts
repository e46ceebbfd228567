/**
 * How many steps a backtracking matcher can need for a regular expression, as a bound that is cheap to know.
 * Users' patterns run on every write; one that may explode is run under a time limit (catalog/pattern-guard.ts).
 */
export interface PatternCost {
  /** Product of the choices that do not depend on the text: alternatives, optional parts, bounded repeats. */
  readonly factor: number;
  /** The rest grows with length to this power; Infinity when repeats are nested. */
  readonly degree: number;
}

interface Group {
  alternatives: number;
  factor: number;
  degree: number;
}

const OPAQUE: PatternCost = { factor: 1, degree: Infinity };

/** @param source a valid ECMA pattern (flag u) */
export function patternCost(source: string): PatternCost {
  const stack: Group[] = [];
  let current: Group = { alternatives: 1, factor: 1, degree: 0 };
  /** The last complete part, to which a quantifier would apply. */
  let last: PatternCost = { factor: 1, degree: 0 };
  let i = 0;
  while (i < source.length) {
    const char = source.charAt(i);
    if (char === "\\") {
      if (/[1-9k]/.test(source.charAt(i + 1))) return OPAQUE;
      i +=
        source.startsWith("\\p{", i) || source.startsWith("\\P{", i) || source.startsWith("\\u{", i)
          ? source.indexOf("}", i) + 1 - i
          : 2;
      last = { factor: 1, degree: 0 };
    } else if (char === "[") {
      i = endOfClass(source, i);
      last = { factor: 1, degree: 0 };
    } else if (char === "(") {
      stack.push(current);
      current = { alternatives: 1, factor: 1, degree: 0 };
      i += /^\((\?(:|=|!|<=|<!|<[^>]*>|[ims-]+:))?/.exec(source.slice(i))?.[0].length ?? 1;
    } else if (char === ")") {
      last = { factor: current.factor * current.alternatives, degree: current.degree };
      const parent = stack.pop();
      if (parent === undefined) return OPAQUE;
      parent.factor *= last.factor;
      parent.degree += last.degree;
      current = parent;
      i++;
    } else if (char === "|") {
      current.alternatives++;
      i++;
    } else if (char === "*" || char === "+" || char === "?" || char === "{") {
      const [text, low, high] = quantifier(source, i);
      if (high > 1 && (last.factor > 1 || last.degree > 0)) return OPAQUE;
      if (high === Infinity) current.degree++;
      else current.factor *= high - low + 1;
      i += text.length;
    } else {
      last = { factor: 1, degree: 0 };
      i++;
    }
  }
  const anchored = source.startsWith("^") && current.alternatives === 1;
  return { factor: current.factor * current.alternatives, degree: current.degree + (anchored ? 0 : 1) };
}

function endOfClass(source: string, start: number): number {
  let i = start + 1;
  while (i < source.length && source.charAt(i) !== "]") i += source.charAt(i) === "\\" ? 2 : 1;
  return i + 1;
}

function quantifier(source: string, start: number): [text: string, low: number, high: number] {
  const match = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/.exec(source.slice(start, start + 40));
  if (match === null) return [source.charAt(start), 0, Infinity];
  const [text, low, comma, high] = match;
  if (text.startsWith("?")) return [text, 0, 1];
  if (low === undefined) return [text, 0, Infinity];
  const top = comma === undefined ? Number(low) : high === undefined || high === "" ? Infinity : Number(high);
  return [text, Number(low), top];
}
