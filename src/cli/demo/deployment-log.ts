import type { ServiceSpec } from "./services.ts";
import type { SimulatedDeployment } from "./simulated.ts";
import type { Workshop } from "./workshop.ts";

/** Something that can be deployed. */
export interface Deployable {
  readonly sha: string;
  readonly ref: string;
}

type Facts = Pick<
  SimulatedDeployment,
  "environment" | "succeeded" | "startedAt" | "finishedAt" | "trigger"
> & { readonly previous: Deployable | null };

/** Names a service's releases, and writes down what was deployed as its pipeline would tell it. */
export interface DeploymentLog {
  nextRef(step: "minor" | "patch"): string;
  /** Gives the identifier: `service@tag` or `service@sha`, with `/2` when it is deployed again. */
  record(build: Deployable, facts: Facts): string;
}

export function createDeploymentLog(shop: Workshop, spec: ServiceSpec): DeploymentLog {
  const { random, deployments } = shop;
  const version = { major: random.whole(1, 4), minor: random.whole(3, 70), patch: 0 };
  const uses = new Map<string, number>();
  let run = random.whole(200, 4000);
  return {
    nextRef: (step) => {
      if (spec.release === "main") return "main";
      if (step === "patch") version.patch += 1;
      else {
        const isMajor = random.chance(0.012);
        version.major += isMajor ? 1 : 0;
        version.minor = isMajor ? 0 : version.minor + 1;
        version.patch = 0;
      }
      const number = `${version.major}.${version.minor}.${version.patch}`;
      return spec.repository === undefined ? `v${number}` : `${spec.id}@${number}`;
    },
    record: (build, { previous, ...facts }) => {
      const name = build.ref === "main" ? build.sha.slice(0, 12) : build.ref.replace(`${spec.id}@`, "");
      const isStaging = facts.environment === "Staging";
      const key = `${spec.id}@${name}${isStaging ? "/staging" : ""}`;
      const use = (uses.get(key) ?? 0) + 1;
      uses.set(key, use);
      run += random.whole(1, 3);
      const id = use === 1 ? key : `${key}/${use}`;
      const note = isStaging ? " to staging" : facts.trigger === "rollback" ? " (back)" : "";
      deployments.push({
        id,
        title: `${spec.id} ${name}${note}`,
        service: spec.id,
        sha: build.sha,
        ref: build.ref,
        run,
        ...facts,
        previousSha: spec.reports === true ? (previous?.sha ?? null) : null,
        trigger: spec.reports === true ? facts.trigger : null,
      });
      return id;
    },
  };
}
