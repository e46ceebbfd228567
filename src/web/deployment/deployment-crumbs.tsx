import { useQuery } from "@tanstack/react-query";
import { doraModelQuery } from "../api/queries.ts";
import type { Deployment } from "../api/types.ts";
import { Crumbs } from "../dora/crumbs.tsx";
import { readWay, scopesAbove, type DeploymentWay } from "../lib/deployment-search.ts";

/** The way that one came by, down to the service of the deployment, which is part of it in any case. */
export function DeploymentCrumbs({ deployment, way }: { deployment: Deployment; way: DeploymentWay }) {
  const blueprint = useQuery(doraModelQuery).data?.service.blueprint ?? "service";
  const { scopes, query } = readWay(way);
  const service = { blueprint, entity: deployment.service };
  return (
    <Crumbs query={query} way={[...scopesAbove(scopes, blueprint), service]}>
      {deployment.title ?? deployment.id}
    </Crumbs>
  );
}
