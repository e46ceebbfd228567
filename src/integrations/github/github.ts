/** GitHub: github.com and Enterprise Server. Shapes by docs.github.com (REST 2022-11-28, GraphQL, webhooks). */
import type { Connector } from "../connector.ts";
import { textAt } from "../read-json.ts";
import { openGithub } from "./client.ts";
import { githubBlueprints, githubResources, githubStrategies } from "./defaults.ts";
import { githubKinds } from "./kinds.ts";
import { githubWebhook } from "./webhook.ts";
import { SERVICE_FOLDERS } from "../service-folders.ts";

export const github: Connector = {
  type: "github",
  title: "GitHub",
  icon: "Github",
  category: "source control",
  settings: [
    { name: "owner", title: "Organisation or user", required: true, help: "As in github.com/<owner>." },
    {
      name: "repositories",
      title: "Repositories",
      help: "Names joined by commas; empty means all of the owner.",
    },
    SERVICE_FOLDERS,
    {
      name: "apiUrl",
      title: "API address",
      default: "https://api.github.com",
      help: "Enterprise Server: https://<host>/api/v3.",
    },
    {
      name: "token",
      title: "Token",
      secret: true,
      help: "A personal access token: classic with repo and read:org, or fine-grained with read access to contents, metadata, pull requests, issues, actions, deployments and members. Or leave it empty and give an App.",
    },
    { name: "appId", title: "App id", help: "Of a GitHub App, instead of a token." },
    {
      name: "installationId",
      title: "Installation id",
      help: "The number at the end of the installation's address.",
    },
    { name: "privateKey", title: "App private key", secret: true, help: "The PEM file that GitHub gave." },
  ],
  kinds: githubKinds,
  open: openGithub,
  async check(session) {
    const { body } = await session.http.get(`/users/${encodeURIComponent(session.settings["owner"] ?? "")}`);
    return `${textAt(body, "type") ?? "Account"} ${textAt(body, "login") ?? session.settings["owner"] ?? ""}`;
  },
  webhook: githubWebhook,
  defaults: { blueprints: githubBlueprints, resources: githubResources },
  strategies: githubStrategies,
  defaultStrategies: ["pull-request-merge"],
};
