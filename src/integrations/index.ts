/** The connectors there are. A new one is a line here. */
import { argocd } from "./argocd/argocd.ts";
import { azureDevops } from "./azure-devops/azure-devops.ts";
import { codefresh } from "./codefresh/codefresh.ts";
import { bitbucket } from "./bitbucket/bitbucket.ts";
import { circleci } from "./circleci/circleci.ts";
import type { Connector } from "./connector.ts";
import { firehydrant } from "./firehydrant/firehydrant.ts";
import { github } from "./github/github.ts";
import { gitlab } from "./gitlab/gitlab.ts";
import { incidentio } from "./incidentio/incidentio.ts";
import { jenkins } from "./jenkins/jenkins.ts";
import { jira } from "./jira/jira.ts";
import { octopus } from "./octopus/octopus.ts";
import { opsgenie } from "./opsgenie/opsgenie.ts";
import { pagerduty } from "./pagerduty/pagerduty.ts";
import { servicenow } from "./servicenow/servicenow.ts";
import { statuspage } from "./statuspage/statuspage.ts";

const ALL: readonly Connector[] = [
  github,
  gitlab,
  azureDevops,
  jenkins,
  circleci,
  bitbucket,
  pagerduty,
  opsgenie,
  incidentio,
  firehydrant,
  servicenow,
  statuspage,
  jira,
  argocd,
  octopus,
  codefresh,
];

export const connectors: ReadonlyMap<string, Connector> = new Map(ALL.map((one) => [one.type, one]));
