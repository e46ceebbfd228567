import type { GitCommit } from "../git/commit.ts";
import type { RecognisedChange } from "../git/recognise-change.ts";
import { isoTime } from "./commit-row.ts";
import { toIdentifier } from "./identifier.ts";
import type { RepositoryLinks } from "./links.ts";
import type { PlannedDeployment } from "./plan-deployments.ts";
import type { Row } from "./send-rows.ts";
import type { PlannedService } from "./service-plan.ts";

const MAX_TITLE = 300;

function shorten(title: string): string {
  return title.length <= MAX_TITLE
    ? title
    : `${title.slice(0, MAX_TITLE - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function related(services: readonly PlannedService[], many: boolean): string | string[] | null {
  const identifiers = services.map((service) => service.identifier);
  return many ? identifiers : (identifiers[0] ?? null);
}

export interface DeploymentRowContext {
  readonly environment: string;
  readonly links: RepositoryLinks;
  readonly serviceMany: boolean;
}

/** A deployment entity of one service. */
export function deploymentRow(
  deployment: PlannedDeployment,
  service: PlannedService,
  context: DeploymentRowContext,
): Row {
  const url =
    deployment.kind === "tag" ? context.links.tag(deployment.ref) : context.links.commit(deployment.sha);
  const identifier = `${service.identifier}@${toIdentifier(deployment.key)}`;
  return {
    id: identifier,
    json: JSON.stringify({
      identifier,
      title: shorten(`${service.title} ${deployment.key}`),
      properties: {
        createdAt: isoTime(deployment.finishedAt),
        environment: context.environment,
        deploymentStatus: "Success",
        sha: deployment.sha,
        ref: deployment.ref,
        ...(url === null ? {} : { url }),
      },
      relations: { service: related([service], context.serviceMany) },
    }),
  };
}

export interface ChangeRowContext {
  readonly repository: string;
  readonly links: RepositoryLinks;
  readonly serviceMany: boolean;
}

/** A change waiting for its author, who is found at the head of its branch. */
export interface PendingChange {
  readonly commit: GitCommit;
  readonly change: RecognisedChange;
  readonly services: readonly PlannedService[];
}

/** A pull or merge request as a change entity. `author` is null where the branch's last commit is not here. */
export function changeRow(pending: PendingChange, author: string | null, context: ChangeRowContext): Row {
  const { commit, change, services } = pending;
  const identifier = `${toIdentifier(context.repository)}/${change.number}`;
  const url = context.links.change(change.number);
  return {
    id: identifier,
    json: JSON.stringify({
      identifier,
      title: shorten(change.title),
      properties: {
        number: change.number,
        repository: context.repository,
        ...(url === null ? {} : { url }),
        mergedAt: isoTime(commit.committedAt),
        mergeSha: commit.sha,
        // A squash commit is all that is left of its branch, so its author date is the first that is known.
        ...(change.headSha === null
          ? { firstCommitAt: isoTime(commit.authoredAt) }
          : { headSha: change.headSha }),
        ...(author === null || author === "" ? {} : { author, isBot: author.endsWith("[bot]") }),
      },
      relations: { service: related(services, context.serviceMany) },
    }),
  };
}
