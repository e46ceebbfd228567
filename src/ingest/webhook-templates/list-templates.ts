/** The templates of webhook data sources, as the API gives them. */
import type { JsonObject } from "../../model/json.ts";
import { cdeventsTemplate } from "./cdevents.ts";
import { devlakeTemplate } from "./devlake.ts";
import { jiraTemplate, opsgenieTemplate, pagerdutyTemplate } from "./incidents.ts";
import { circleciTemplate, jenkinsTemplate, pipelineTemplate } from "./pipelines.ts";
import { githubTemplate, gitlabTemplate } from "./source-control.ts";
import type { WebhookTemplate } from "./template.ts";

export const webhookTemplates: readonly WebhookTemplate[] = [
  ...[githubTemplate, gitlabTemplate],
  ...[pipelineTemplate, circleciTemplate, jenkinsTemplate],
  ...[pagerdutyTemplate, opsgenieTemplate, jiraTemplate],
  ...[cdeventsTemplate, devlakeTemplate],
];

/** `webhook` is a body for `POST /v1/webhooks` that lacks the secret only. */
export const listWebhookTemplates = (): JsonObject[] =>
  webhookTemplates.map(({ id, title, icon, description, help, security, mappings, blueprints }) => ({
    ...{ id, title, icon, description, help, blueprints },
    webhook: { title, icon, enabled: true, integrationType: "template", security, mappings },
  }));
