/** What differs between two versions of a document, leaf by leaf. */
export interface Difference {
  /** `properties.tier`, `scorecards.ready` (its level), `scorecards.ready.owned` (one of its rules) */
  readonly path: string;
  /** As text; empty where there is no value. */
  readonly before: string;
  readonly after: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Written by the server with every change, or what the entity is found by. */
const ALWAYS: ReadonlySet<string> = new Set([
  "updatedAt",
  "updatedBy",
  "createdAt",
  "createdBy",
  "blueprint",
  "identifier",
]);
/** Told one by one where there was nothing before, too. */
const PARTS: ReadonlySet<string> = new Set(["properties", "relations", "scorecards"]);

/** Only what differs, at whatever depth; of what is there on one side alone the whole. */
export function differences(before: unknown, after: unknown): Difference[] {
  return within("", without(before), without(after));
}

const without = (value: unknown): Fields =>
  Object.fromEntries(Object.entries(fieldsOf(value) ?? {}).filter(([key]) => !ALWAYS.has(key)));

function within(path: string, before: Fields, after: Fields): Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    between(path === "" ? key : `${path}.${key}`, before[key], after[key]),
  );
}

function between(path: string, before: unknown, after: unknown): Difference[] {
  const isPart = PARTS.has(path);
  const [old, now] = [fieldsOf(before) ?? (isPart ? {} : null), fieldsOf(after) ?? (isPart ? {} : null)];
  if (path.startsWith("scorecards.")) return ofScore(path, old, now);
  if (old !== null && now !== null) return within(path, old, now);
  return leaf(path, text(before), text(after));
}

const leaf = (path: string, before: string, after: string): Difference[] =>
  before === after ? [] : [{ path, before, after }];

/** The level, and where there was one before the rules that hold no longer or hold now. */
function ofScore(path: string, before: Fields | null, after: Fields | null): Difference[] {
  const [old, now] = [rulesOf(before), rulesOf(after)];
  return [
    ...leaf(path, text(before?.["level"]), text(after?.["level"])),
    ...[...now].flatMap(([id, status]) =>
      old.size === 0 ? [] : leaf(`${path}.${id}`, old.get(id) ?? "", status),
    ),
  ];
}

function rulesOf(score: Fields | null): Map<string, string> {
  const rules = score?.["rules"];
  return new Map(
    (Array.isArray(rules) ? rules : []).map(({ identifier, status }: Fields) => [
      String(identifier),
      status === "SUCCESS" ? "Passed" : "Not passed",
    ]),
  );
}

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;

function text(value: unknown): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return "";
  // What a sum of fractions leaves behind the twelfth digit is nobody's change; of whole numbers every digit counts.
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(12)));
  return typeof value === "string" ? value : JSON.stringify(value);
}
