import type { Random } from "./random.ts";
import type { Team } from "./teams.ts";

export type WorkKind = "feat" | "fix" | "refactor" | "perf" | "docs" | "test" | "chore";

const KINDS: readonly (readonly [WorkKind, number])[] = [
  ["feat", 44],
  ["fix", 20],
  ["refactor", 13],
  ["chore", 9],
  ["test", 6],
  ["perf", 4],
  ["docs", 4],
];

const PHRASES: Readonly<Record<WorkKind, readonly string[]>> = {
  feat: [
    "add bulk edit for %",
    "show % in the overview",
    "support several regions for %",
    "let partners configure %",
    "expose % over the API",
    "import % from CSV",
    "keep a history of %",
    "validate % before saving",
    "notify customers about %",
    "make % available to mobile",
  ],
  fix: [
    "empty % are an error",
    "time zone of %",
    "wrong total when % are combined",
    "time-outs of %",
    "race between two updates of %",
    "lost % after a restart",
  ],
  refactor: [
    "move % into a module of their own",
    "simplify how % are loaded",
    "drop the old code path of %",
    "split the handler of %",
  ],
  perf: ["cache % for a minute", "load % in one query", "stream % instead of buffering"],
  docs: ["describe % in the runbook", "explain how % are configured"],
  test: ["cover % with contract tests", "make the tests of % independent of the clock"],
  chore: ["clean up feature flag of %", "log the duration of %", "alert when % are late"],
};

const SYMPTOMS = [
  "timeouts when % are large",
  "wrong currency in %",
  "% missing after the release",
  "null pointer while saving %",
  "memory growth in %",
  "duplicate % on retry",
];

const QUALIFIERS = [
  "for business accounts",
  "in the admin view",
  "behind a flag",
  "for the new markets",
  "in batch runs",
  "on small screens",
  "for guests",
  "after migration",
  "in the nightly job",
  "for large customers",
  "in exports",
  "for test accounts",
  "with pagination",
  "in the audit log",
];

const FOLLOW_UPS = [
  "tests for %",
  "address review comments",
  "rename helper of %",
  "extract constant",
  "cover the empty case",
  "adjust logging",
  "update snapshot",
  "use the shared client for %",
  "tidy imports",
];

const PACKAGES = [
  "fastify",
  "jackson-databind",
  "spring-boot",
  "typescript",
  "netty",
  "pydantic",
  "grpc-java",
  "react",
  "undici",
  "postgresql",
  "logback",
  "vitest",
  "protobuf",
  "okhttp",
];

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const fill = (phrase: string, topic: string) => phrase.replace("%", topic);

export interface Wording {
  readonly kind: WorkKind;
  readonly title: string;
  readonly topic: string;
}

/** What a pull request is about. */
export function describeWork(random: Random, team: Team): Wording {
  const kind = random.weighted(KINDS);
  const topic = random.pick(team.topics);
  const phrase = fill(random.pick(PHRASES[kind]), topic);
  const qualifier = random.chance(0.7) ? ` ${random.pick(QUALIFIERS)}` : "";
  return { kind, title: subject(team, kind, phrase + qualifier), topic };
}

/** What an urgent repair is about; its subject says that it fixes. */
export function describeRepair(random: Random, team: Team): Wording {
  const topic = random.pick(team.topics);
  return { kind: "fix", title: subject(team, "fix", fill(random.pick(SYMPTOMS), topic)), topic };
}

function subject(team: Team, kind: WorkKind, phrase: string): string {
  if (team.wording === "conventional") return `${kind}: ${phrase}`;
  return kind === "fix" ? `Fix: ${phrase}` : capital(phrase);
}

/** Subjects of a branch's commits after the first one. */
export function followUp(random: Random, topic: string): string {
  return fill(random.pick(FOLLOW_UPS), topic);
}

export function describeUpdate(random: Random): string {
  const major = random.whole(1, 9);
  const minor = random.whole(0, 30);
  const patch = random.whole(0, 9);
  const to = random.chance(0.6) ? `${minor}.${patch + 1}` : `${minor + 1}.0`;
  return `chore(deps): bump ${random.pick(PACKAGES)} from ${major}.${minor}.${patch} to ${major}.${to}`;
}

export function branchName(kind: string, title: string): string {
  const words = title
    .replace(/^\w+(?:\(\w+\))?: /, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  return `${kind}/${words.slice(0, 40).replace(/^-+|-+$/g, "")}`;
}

export function mailOf(name: string): string {
  return `${name.toLowerCase().replace(/[^a-z]+/g, ".")}@acme.example`;
}
