/** The connectors there are. A new one is a line here. */
import { azureDevops } from "./azure-devops/azure-devops.ts";
import type { Connector } from "./connector.ts";
import { github } from "./github/github.ts";
import { gitlab } from "./gitlab/gitlab.ts";
import { jira } from "./jira/jira.ts";
import { opsgenie } from "./opsgenie/opsgenie.ts";
import { pagerduty } from "./pagerduty/pagerduty.ts";

const ALL: readonly Connector[] = [github, gitlab, azureDevops, jira, opsgenie, pagerduty];

export const connectors: ReadonlyMap<string, Connector> = new Map(ALL.map((one) => [one.type, one]));
