/** Maps catalog entities to the facts of src/dora by the roles of the settings. */
import type {
  ChangeFact,
  DeploymentFact,
  DeploymentStatus,
  DeploymentTrigger,
  IncidentFact,
  IncidentStatus,
  IncidentVerdict,
  ReviewFact,
} from "../../dora/facts.ts";
import type { RoleSource } from "../../model/dora-roles.ts";
import { commitOfImage } from "../../model/image-commit.ts";
import { isObject } from "../../model/json.ts";
import type { RoleEntityRow } from "../../storage/dora-facts.ts";
import { type EntityLike, fieldValue, servicesOf, textsOf } from "./roles.ts";

/** "No environment given" is Production (dora.md section 11). */
const DEFAULT_ENVIRONMENT = "Production";

const STATUS: Readonly<Record<string, DeploymentStatus>> = {
  success: "success",
  succeeded: "success",
  failed: "failure",
  failure: "failure",
  error: "failure",
  ignored: "ignored",
  cancelled: "ignored",
  skipped: "ignored",
};

type Read = (field: string) => unknown;

function reader(row: RoleEntityRow, source: RoleSource): Read {
  const entity: EntityLike = { ...row, createdAt: row.created_at.toISOString() };
  return (field) => fieldValue(entity, source.fields[field]);
}

/** Years 1 to 9999: what both sides write alike. */
const FIRST_INSTANT = Date.parse("0001-01-01T00:00:00Z");
const LAST_INSTANT = Date.parse("9999-12-31T23:59:59.999Z");

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((v): v is string => typeof v === "string" && v !== "");
const instant = (value: unknown): number | null => {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return time >= FIRST_INSTANT && time <= LAST_INSTANT ? time : null;
};
/** A longer text is no name of a commit or an environment, and fits no key of a table. */
const MAX_KEY = 200;
const sha = (value: unknown): string | null => text(value)?.slice(0, MAX_KEY).toLowerCase() ?? null;

/** Null when the entity has no time of finishing: it cannot be placed on the time line. */
export function deploymentFact(row: RoleEntityRow, source: RoleSource): DeploymentFact | null {
  const read = reader(row, source);
  const finishedAt = instant(read("finished"));
  if (finishedAt === null) return null;
  const status = text(read("status")) ?? "";
  const environment = text(read("environment")) ?? DEFAULT_ENVIRONMENT;
  const trigger = text(read("trigger"));
  return {
    blueprint: row.blueprint,
    id: row.identifier,
    title: row.title,
    url: text(read("url")),
    environment: (ownValue(source.values?.environment, environment) ?? environment).slice(0, MAX_KEY),
    startedAt: instant(read("started")),
    finishedAt,
    status: translate(source.values?.status, status, STATUS) ?? "unknown",
    sha: sha(read("sha")),
    previousSha: sha(read("previousSha")),
    ref: text(read("ref")),
    changeIds: texts(read("change")),
    trigger: isTrigger(trigger) ? trigger : null,
    region: text(read("region"))?.slice(0, MAX_KEY) ?? null,
    imageShas: commitsOfImages(texts(read("image"))),
  };
}

/** A pod has a few. */
const MAX_IMAGES = 20;

/** Null without an image. Which of several is the service's own is known by its commits: that of a sidecar may come first. */
function commitsOfImages(images: readonly string[]): string[] | null {
  if (images.length === 0) return null;
  const shas = images.slice(0, MAX_IMAGES).map(commitOfImage);
  return [...new Set(shas.filter((one) => one !== null))];
}

function translate<S>(
  own: Readonly<Record<string, string>> | undefined,
  value: string,
  known: Readonly<Record<string, S>>,
): S | undefined {
  const mapped = ownValue(own, value) ?? value;
  return ownValue(known, mapped.toLowerCase());
}

/** Texts come from outside: "constructor" is no key of a map. */
function ownValue<V>(map: Readonly<Record<string, V>> | undefined, key: string): V | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}

function isTrigger(value: string | null): value is DeploymentTrigger {
  return value === "normal" || value === "rollback" || value === "hotfix";
}

export function changeFact(row: RoleEntityRow, source: RoleSource): ChangeFact {
  const read = reader(row, source);
  const number = Number(read("number"));
  return {
    blueprint: row.blueprint,
    id: row.identifier,
    title: row.title,
    url: text(read("url")),
    repository: text(read("repository")),
    number: Number.isInteger(number) && number > 0 ? number : null,
    firstCommitAt: instant(read("firstCommit")),
    openedAt: instant(read("opened")),
    readyForReviewAt: instant(read("readyForReview")),
    firstReviewAt: instant(read("firstReview")),
    reviews: reviews(read("reviews")),
    approvedAt: instant(read("approved")),
    mergedAt: instant(read("merged")),
    mergeSha: sha(read("mergeSha")),
    headSha: sha(read("headSha")),
    author: text(read("author")),
    isBot: read("isBot") === true,
    labels: texts(read("labels")),
  };
}

const MAX_REVIEWS = 1000;

/** A list of `{by, at}`; null where there is none. What has no time is no review. */
function reviews(value: unknown): ReviewFact[] | null {
  if (!Array.isArray(value)) return null;
  return value.slice(0, MAX_REVIEWS).flatMap((one: unknown) => {
    const { by, at } = isObject(one) ? one : {};
    const time = instant(at);
    return time === null ? [] : [{ by: text(by), at: time }];
  });
}

/** As PagerDuty, Opsgenie, Statuspage, Jira and others write them. */
const INCIDENT_STATUS: Readonly<Record<string, IncidentStatus>> = {
  open: "open",
  opened: "open",
  reopened: "open",
  triggered: "open",
  acknowledged: "open",
  active: "open",
  ongoing: "open",
  investigating: "open",
  identified: "open",
  monitoring: "open",
  firing: "open",
  resolved: "resolved",
  closed: "resolved",
  done: "resolved",
  completed: "resolved",
  ignored: "ignored",
  cancelled: "ignored",
  canceled: "ignored",
  duplicate: "ignored",
};

/** Null when the entity has no time of its beginning: it cannot be placed on the time line. */
export function incidentFact(
  row: RoleEntityRow,
  source: RoleSource,
  verdict: IncidentVerdict | null,
): IncidentFact | null {
  const read = reader(row, source);
  const startedAt = instant(read("started"));
  if (startedAt === null) return null;
  return {
    blueprint: row.blueprint,
    id: row.identifier,
    title: row.title,
    url: text(read("url")),
    severity: text(read("severity")),
    services: servicesOf(row, source).filter((name) => name !== ""),
    startedAt,
    detectedAt: instant(read("detected")),
    resolvedAt: instant(read("resolved")),
    status: translate(source.values?.status, text(read("status")) ?? "", INCIDENT_STATUS) ?? "unknown",
    causedBy: textsOf(row, source.fields["causedBy"]),
    verdict,
  };
}
