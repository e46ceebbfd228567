/** Azure DevOps: Services and Server. Shapes by learn.microsoft.com (REST 7.1, service hooks events). */
import type { Connector } from "../connector.ts";
import { objectsAt, textAt } from "../read-json.ts";
import { SERVICE_FOLDERS } from "../service-folders.ts";
import { openAzure } from "./client.ts";
import { azureBlueprints, azureResources, azureStrategies } from "./defaults.ts";
import { azureKinds } from "./kinds.ts";
import { azureWebhook } from "./webhook.ts";

export const azureDevops: Connector = {
  ...{ type: "azure-devops", title: "Azure DevOps", icon: "AzureDevops", category: "source control" },
  settings: [
    {
      ...{ name: "organizationUrl", title: "Address of the organisation", required: true },
      help: "https://dev.azure.com/<organisation>; of Azure DevOps Server (2022.1 or later) with its collection.",
    },
    {
      ...{ name: "token", title: "Personal access token", secret: true, required: true },
      help: "User settings → Personal access tokens, with read access to Code, Build, Release, Environment, and Project and Team.",
    },
    { name: "projects", title: "Projects", help: "Names joined by commas; empty means all." },
    SERVICE_FOLDERS,
  ],
  kinds: azureKinds,
  open: openAzure,
  async check(session) {
    const { body } = await session.http.get("/_apis/projects", { $top: 1, "api-version": "7.1" });
    const [project] = objectsAt(body, "value");
    return project === undefined
      ? "an organisation whose projects the token may not see"
      : `the organisation of the project ${textAt(project, "name") ?? ""}`;
  },
  webhook: azureWebhook,
  defaults: { blueprints: azureBlueprints, resources: azureResources },
  strategies: azureStrategies,
  defaultStrategies: ["pull-request-merge"],
};
