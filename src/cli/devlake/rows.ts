/** Rows of DevLake's domain tables as what the portal takes. They throw RangeError with the column where a cell is wrong. */
import type { Commit } from "../../api/dora.ts";
import { toIdentifier } from "../import/identifier.ts";
import { textOf, timeOf } from "./cell.ts";
import type { CsvRecord } from "./read-csv.ts";
import type { DevlakeService } from "./scopes.ts";

/** Why a row is left out although nothing is wrong with it. */
export class LeftOut extends Error {}

const MAX_TITLE = 300;
const MAX_MESSAGE = 65_536;
const ENVIRONMENTS: Readonly<Record<string, string>> = { PRODUCTION: "Production", STAGING: "Staging" };
const RESULTS: Readonly<Record<string, string>> = { SUCCESS: "Success", FAILURE: "Failed" };

const own = (map: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

function required(record: CsvRecord, column: string): string {
  const text = textOf(record, column);
  if (text === null) throw new RangeError(`${column} is empty`);
  return text;
}

/** What is not given is left as it is in the portal. */
const known = (properties: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));

/** Of `cicd_deployment_commits`, or of `cicd_deployments` where no commit is known. */
export function deploymentEntity(
  record: CsvRecord,
  service: DevlakeService,
  serviceMany: boolean,
): Record<string, unknown> {
  const id = textOf(record, "cicd_deployment_id") ?? required(record, "id");
  const result = textOf(record, "result") ?? "";
  const deploymentStatus = own(RESULTS, result);
  if (deploymentStatus === undefined)
    throw new LeftOut(`deployments with the result ${result === "" ? "that is not known" : result}`);
  const createdAt =
    timeOf(record, "finished_date") ?? timeOf(record, "started_date") ?? timeOf(record, "created_date");
  if (createdAt === null) throw new RangeError("finished_date, started_date and created_date are empty");
  return {
    identifier: `${service.identifier}@${toIdentifier(id)}`,
    title: (
      textOf(record, "display_title") ??
      textOf(record, "name") ??
      `${service.title} ${textOf(record, "ref_name") ?? id}`
    ).slice(0, MAX_TITLE),
    properties: known({
      createdAt,
      startedAt: timeOf(record, "started_date"),
      // DevLake counts what it knows to be production, and nothing else.
      environment: own(ENVIRONMENTS, (textOf(record, "environment") ?? "").toUpperCase()) ?? "Testing",
      deploymentStatus,
      sha: textOf(record, "commit_sha"),
      ref: textOf(record, "ref_name"),
    }),
    relations: { service: serviceMany ? [service.identifier] : service.identifier },
  };
}

/** What other tables say of a pull request. */
export interface PullRequestTimes {
  readonly firstCommitAt: string | null;
  readonly firstReviewAt: string | null;
}

export function changeEntity(
  record: CsvRecord,
  services: readonly DevlakeService[],
  repository: string | null,
  times: PullRequestTimes,
  serviceMany: boolean,
): Record<string, unknown> {
  const id = required(record, "id");
  const key = Number(textOf(record, "pull_request_key") ?? Number.NaN);
  const isNumber = Number.isInteger(key) && key > 0;
  const url = textOf(record, "url");
  const author = textOf(record, "author_name");
  const names = services.map(({ identifier }) => identifier);
  return {
    identifier:
      isNumber && repository !== null ? `${toIdentifier(repository)}/${key}` : `devlake/${toIdentifier(id)}`,
    title: (textOf(record, "title") ?? id).slice(0, MAX_TITLE),
    properties: known({
      number: isNumber ? key : null,
      repository,
      url: url !== null && /^https?:\/\//.test(url) ? url : null,
      openedAt: timeOf(record, "created_date"),
      mergedAt: timeOf(record, "merged_date"),
      ...times,
      mergeSha: textOf(record, "merge_commit_sha"),
      headSha: textOf(record, "head_commit_sha"),
      author,
      isBot: author === null ? null : author.endsWith("[bot]"),
    }),
    relations: { service: serviceMany ? names : (names[0] ?? null) },
  };
}

/** Of `incidents`, or of `issues` of the type INCIDENT. */
export function incidentEntity(
  record: CsvRecord,
  services: readonly DevlakeService[],
): Record<string, unknown> {
  const id = required(record, "id");
  const resolvedAt = timeOf(record, "resolution_date");
  const createdAt = timeOf(record, "created_date");
  if (createdAt === null) throw new RangeError("created_date is empty");
  const url = textOf(record, "url");
  return {
    // As the webhook of the same connection calls it.
    identifier: toIdentifier(/^webhook:\d+:(.+)$/.exec(id)?.[1] ?? id),
    title: (
      textOf(record, "title") ??
      textOf(record, "incident_key") ??
      textOf(record, "issue_key") ??
      id
    ).slice(0, MAX_TITLE),
    properties: known({
      createdAt,
      resolvedAt,
      status: resolvedAt === null && textOf(record, "status") !== "DONE" ? "open" : "resolved",
      severity: textOf(record, "severity") ?? textOf(record, "priority") ?? textOf(record, "urgency"),
      url: url !== null && /^https?:\/\//.test(url) ? url : null,
    }),
    relations: { service: services.map(({ identifier }) => identifier) },
  };
}

export function commitOf(record: CsvRecord, repository: string, parents: readonly string[]): Commit {
  const sha = required(record, "sha").toLowerCase();
  const name = textOf(record, "author_name");
  const email = textOf(record, "author_email");
  const authoredAt = timeOf(record, "authored_date") ?? timeOf(record, "committed_date");
  const committedAt = timeOf(record, "committed_date") ?? authoredAt;
  if (authoredAt === null || committedAt === null)
    throw new RangeError("authored_date and committed_date are empty");
  return {
    ...{ repository, sha, parents: [...parents], authoredAt, committedAt },
    author: (email === null ? (name ?? "") : `${name ?? ""} <${email}>`.trim()).slice(0, 1000),
    message: (record.cells["message"] ?? "").slice(0, MAX_MESSAGE),
  };
}
