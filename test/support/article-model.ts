/** The documents of the how-to for DORA metrics that article.test.ts follows, as its reader pastes them. */
const count = (status: string) => ({
  combinator: "and",
  rules: [{ property: status === "Success" ? "deploymentStatus" : "status", operator: "=", value: status }],
});
export const SERVICE = { identifier: "service", title: "Service", schema: { properties: {}, required: [] } };
export const PULL_REQUEST = {
  identifier: "githubPullRequest",
  title: "Pull Request",
  schema: { properties: { status: { type: "string" }, leadTimeHours: { type: "number" } }, required: [] },
};
export const DEPLOYMENT = {
  identifier: "deployment",
  title: "Deployment",
  icon: "Rocket",
  schema: {
    properties: {
      createdAt: {
        title: "Deployment Time",
        type: "string",
        format: "date-time",
        description: "When it was triggered.",
      },
      environment: { title: "Environment", type: "string", enum: ["Production", "Staging", "Testing"] },
      deploymentStatus: { title: "Deployment Status", type: "string", enum: ["Success", "Failed"] },
    },
    required: [],
  },
  mirrorProperties: { leadTimeHours: { title: "Lead Time (Hours)", path: "pullRequest.leadTimeHours" } },
  calculationProperties: {},
  aggregationProperties: {},
  relations: {
    service: { title: "Service", target: "service", required: false, many: false },
    pullRequest: { title: "Pull Request", target: "githubPullRequest", required: false, many: false },
  },
};
export const INCIDENT = {
  identifier: "pagerdutyIncident",
  title: "PagerDuty Incident",
  schema: {
    properties: {
      status: { type: "string" },
      resolvedAt: { title: "Incident Resolution Time", type: "string", format: "date-time" },
      recoveryTime: { title: "Time to Recovery", type: "number", description: "in minutes" },
    },
    required: [],
  },
  relations: {
    gitHubRepository: { title: "GitHub Service", target: "service", required: false, many: false },
  },
};
/** With the stray keys of the article: `type`, and `averageOf` and `measureTimeBy` of a count. */
export const AGGREGATIONS = {
  deployment_frequency: {
    title: "Monthly Deployment Frequency",
    icon: "DeploymentIcon",
    type: "number",
    target: "deployment",
    query: count("Success"),
    calculationSpec: {
      func: "average",
      averageOf: "month",
      measureTimeBy: "$createdAt",
      calculationBy: "entities",
    },
  },
  lead_time_for_change: {
    title: "Lead Time for Change",
    icon: "DefaultProperty",
    type: "number",
    target: "githubPullRequest",
    query: count("merged"),
    calculationSpec: {
      ...{ func: "average", averageOf: "total", property: "leadTimeHours" },
      ...{ measureTimeBy: "$createdAt", calculationBy: "property" },
    },
  },
  total_incidents: {
    title: "Total Incidents",
    type: "number",
    target: "pagerdutyIncident",
    calculationSpec: {
      calculationBy: "entities",
      func: "count",
      averageOf: "month",
      measureTimeBy: "$createdAt",
    },
  },
  total_deployments: {
    title: "Total Monthly Deployment Frequency",
    type: "number",
    target: "deployment",
    query: count("Success"),
    calculationSpec: {
      func: "average",
      averageOf: "month",
      measureTimeBy: "$createdAt",
      calculationBy: "entities",
    },
  },
  mean_time_to_recovery: {
    title: "Mean Time to Recovery",
    icon: "DefaultProperty",
    type: "number",
    target: "pagerdutyIncident",
    query: count("resolved"),
    calculationSpec: {
      ...{ func: "average", averageOf: "month", property: "recoveryTime" },
      ...{ measureTimeBy: "$createdAt", calculationBy: "property" },
    },
  },
};
export const CALCULATIONS = {
  changeFailureRate: {
    title: "Change Failure Rate",
    calculation: "(.properties.total_incidents / .properties.total_deployments) * 100",
    type: "number",
  },
};
