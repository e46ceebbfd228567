/** The strategy that most teams begin with: what is merged is deployed. The same for every host of code. */
import type { JsonObject } from "../model/json.ts";
import { eachOf, identifierOf, resource } from "./expressions.ts";

/** A merged change, in the words of its system; all are jq. */
export interface MergedChange {
  readonly kind: string;
  /** Is it merged, and into the branch that counts? */
  readonly query: string;
  readonly service: string;
  /** What the title begins with. */
  readonly name: string;
  readonly sha: string;
  readonly at: string;
  readonly ref: string;
  readonly url: string;
  /** Identifier of its entity. */
  readonly change: string;
}

const deployment = (merged: MergedChange, identifier: string, name: string, service: string): JsonObject => {
  const { kind, query, sha, at, ref, url, change } = merged;
  return resource(kind, query, "deployment", {
    identifier: `${identifier} + "@" + ${sha}[0:12]`,
    title: `${name} + " " + ${sha}[0:12]`,
    properties: {
      ...{ createdAt: at, environment: `"Production"`, deploymentStatus: `"Success"` },
      ...{ sha, ref, url },
    },
    relations: { service, pullRequest: change },
  });
};

/** A successful deployment to production. */
export const deploymentOf = (merged: MergedChange): JsonObject =>
  deployment(merged, merged.service, merged.name, merged.service);

/** One for each service of a monorepo whose folder the change touches (`.__services`). */
export const deploymentsByFolder = (merged: MergedChange): JsonObject =>
  eachOf(
    ".__services // []",
    deployment(merged, `(${identifierOf(".item")})`, ".item", identifierOf(".item")),
  );
