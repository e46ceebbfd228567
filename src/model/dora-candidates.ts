/** What could play the role of deployments, judged by the shape of a blueprint: merges, runs, releases, deployments. */
import type { BlueprintPlan } from "./blueprint.ts";
import type { RoleField, RoleSource } from "./dora-roles.ts";

export type CandidateKind = "merge" | "run" | "release" | "deployment";

export interface Candidate {
  readonly kind: CandidateKind;
  readonly blueprint: string;
  readonly title: string;
  readonly description: string;
  /** Ready for `PUT /v1/dora/settings {"roles": {"deployment": [source]}}`. */
  readonly source: RoleSource;
}

/** Things that have a time and a state and are no deployments. */
const NO_DEPLOYMENT = /issue|incident|alert|ticket|vulnerab|user|member/i;
const RELEASE = /release|tag|version/i;
const RUN = /run|build|pipeline|job|workflow/i;

const FINISHED = [
  ...["deployedAt", "finishedAt", "completedAt", "stoppedAt", "publishedAt", "releasedAt", "updatedAt"],
  ...["createdAt", "assembledAt", "date"],
];
const STATUS = ["deploymentStatus", "conclusion", "result", "buildStatus", "status", "state"];
/** Beyond the words that every source may use. */
const WORDS: Readonly<Record<string, string>> = {
  ...{ passed: "success", PASSED: "success", SUCCESSFUL: "success", successful: "success" },
  ...{ timed_out: "failure", startup_failure: "failure", UNSTABLE: "failure", partiallySucceeded: "failure" },
  ...{
    canceled: "ignored",
    aborted: "ignored",
    ABORTED: "ignored",
    NOT_BUILT: "ignored",
    stopped: "ignored",
  },
};

/** Null where entities of the blueprint name no service, have no time, or cannot be deployments. */
export function deploymentCandidate(plan: BlueprintPlan, serviceBlueprint: string): Candidate | null {
  const { identifier: blueprint, properties } = plan;
  if (NO_DEPLOYMENT.test(blueprint) || blueprint === serviceBlueprint) return null;
  const service = serviceRelation(plan, serviceBlueprint);
  if (service === null) return null;
  const has = (key: string): boolean => properties.has(key);
  const isTime = (key: string): boolean => properties.get(key)?.format === "date-time";
  const optional = (fields: Readonly<Record<string, readonly string[]>>): Record<string, RoleField> =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([field, keys]) => {
        const key = keys.find(has);
        return key === undefined ? [] : [[field, `properties.${key}`]];
      }),
    );
  const common = { blueprint, title: plan.title };
  const link = { service: `relations.${service}` };
  if (has("mergedAt"))
    return {
      ...{ ...common, kind: "merge" },
      description: "Every merge is a successful production deployment, when it was merged.",
      source: {
        blueprint,
        fields: {
          ...{ ...link, finished: "properties.mergedAt", status: { jq: '"success"' }, change: "$identifier" },
          ...optional({ sha: ["mergeSha"], url: ["url", "link"] }),
        },
      },
    };
  const finished = FINISHED.find(isTime);
  if (finished === undefined) return null;
  const status = STATUS.find(has);
  const isRelease = RELEASE.test(blueprint) && !has("deploymentStatus");
  if (status === undefined && !isRelease) return null;
  const kind = isRelease ? "release" : RUN.test(blueprint) ? "run" : "deployment";
  return {
    ...{ ...common, kind },
    description: DESCRIPTIONS[kind],
    source: {
      blueprint,
      fields: {
        ...{ ...link, finished: `properties.${finished}` },
        status: isRelease || status === undefined ? { jq: '"success"' } : `properties.${status}`,
        ...optional({
          ...{ started: ["startedAt"], environment: ["environment"], sha: ["sha", "commitSha"] },
          ...{ ref: ["ref", "tag", "version", "branch"], url: ["url", "buildUrl", "link"] },
        }),
      },
      ...(!isRelease && { values: { status: WORDS } }),
    },
  };
}

const DESCRIPTIONS: Readonly<Record<Exclude<CandidateKind, "merge">, string>> = {
  run: "Every finished run is a deployment, whatever its branch and name: give the source a query that leaves out others.",
  release: "Every release is a successful production deployment.",
  deployment: "Every entity is a deployment: what a data source, a pipeline or the API writes as such.",
};

function serviceRelation({ relations }: BlueprintPlan, serviceBlueprint: string): string | null {
  const found = [...relations.values()].filter(({ target }) => target === serviceBlueprint);
  return (found.find(({ identifier }) => identifier === "service") ?? found[0])?.identifier ?? null;
}
