/** Jenkins. Shapes by jenkins.io (Remote access API) and the plugins Generic Event and Notification. */
import type { JsonObject } from "../../model/json.ts";
import {
  blueprint,
  changeBlueprint,
  deploymentBlueprint,
  property,
  relationTo,
  serviceBlueprint,
} from "../blueprints.ts";
import type { Connector, Strategy } from "../connector.ts";
import { environmentAmong, identifierOf, resource, saysDeploy } from "../expressions.ts";
import { createHttpClient } from "../http-client.ts";
import { textAt } from "../read-json.ts";
import { jenkinsKinds } from "./kinds.ts";
import { jenkinsWebhook } from "./webhook.ts";

const { text, time, link } = property;

const blueprints: readonly JsonObject[] = [
  ...[serviceBlueprint, changeBlueprint, deploymentBlueprint],
  blueprint(
    "jenkinsJob",
    "Jenkins job",
    "Jenkins",
    {
      ...{ jobName: text("Name"), url: link("URL"), description: text("Description") },
      jobStatus: {
        ...{
          type: "string",
          title: "Status",
          enum: ["created", "unknown", "passing", "failing", "unstable"],
        },
        enumColors: { passing: "green", failing: "red", unstable: "orange" },
      },
      isFolder: { type: "boolean", title: "Folder" },
    },
    { parentJob: relationTo("Folder", "jenkinsJob") },
  ),
  blueprint(
    "jenkinsBuild",
    "Jenkins build",
    "Jenkins",
    {
      buildStatus: {
        ...{ type: "string", title: "Result" },
        enum: ["SUCCESS", "FAILURE", "UNSTABLE", "ABORTED", "NOT_BUILT"],
        enumColors: { SUCCESS: "green", FAILURE: "red", UNSTABLE: "orange" },
      },
      ...{ buildUrl: link("URL"), branch: text("Branch"), sha: text("Commit") },
      ...{ startedAt: time("Started at"), finishedAt: time("Finished at") },
      buildDuration: { type: "number", title: "Duration (ms)" },
    },
    {
      parentJob: relationTo("Job", "jenkinsJob"),
      service: relationTo("Service", "service"),
    },
  ),
];

const STARTED = "(.timestamp / 1000 | floor | todate)";
const FINISHED = "((.timestamp + .duration) / 1000 | floor | todate)";
const JOB = `(${identifierOf(".__job.fullName")})`;
/** Of the repository that was built; without one the job, or the multibranch pipeline, is the service. */
const SERVICE = `(${identifierOf(`(.__service // (if .__job.parent.isMultibranch then .__job.parent.fullName else .__job.fullName end))`)})`;
const ENDED = `(.building | not) and (.result | IN("SUCCESS", "FAILURE"))`;
const deploymentOf = (query: string): JsonObject =>
  resource("build", `${ENDED} and (${query})`, "deployment", {
    identifier: `${JOB} + "@build-" + (.number | tostring)`,
    title: `.__job.fullName + " #" + (.number | tostring)`,
    properties: {
      ...{ createdAt: FINISHED, startedAt: STARTED, environment: environmentAmong([".__job.fullName"]) },
      deploymentStatus: `if .result == "SUCCESS" then "Success" else "Failed" end`,
      ...{ sha: ".__sha", ref: ".__branch", url: ".url" },
    },
    relations: { service: SERVICE },
  });

const strategies: readonly Strategy[] = [
  {
    id: "deploy-job",
    title: "Deploy job",
    description:
      "Every finished build of a job whose name or folder says deploy, release or CD. SUCCESS → Success, FAILURE → Failed; unstable, aborted and not built count as nothing.",
    resources: [deploymentOf(saysDeploy(".__job.fullName"))],
  },
  {
    id: "main-branch",
    title: "Main branch",
    description:
      "Every finished build of the branch main or master of a multibranch pipeline. For pipelines that deploy what is merged.",
    resources: [deploymentOf(`.__job.parent.isMultibranch == true and (.__job.name | IN("main", "master"))`)],
  },
  {
    id: "custom-api",
    title: "Custom API",
    description:
      "The data source writes no deployments; your Jenkinsfile does, by the API, as in the article's snippet.",
    resources: [],
  },
];

export const jenkins: Connector = {
  ...{ type: "jenkins", title: "Jenkins", icon: "Jenkins", category: "CI/CD" },
  settings: [
    { name: "baseUrl", title: "Address", required: true, help: "Of Jenkins, with its path if it has one." },
    { name: "user", title: "User", required: true, help: "One who may read jobs and builds." },
    {
      ...{ name: "token", title: "API token", secret: true, required: true },
      help: "Of that user: People → the user → Security → API Token.",
    },
    {
      name: "folder",
      title: "Folder",
      help: "Its full name (team/shop), to leave others out; empty means all.",
    },
  ],
  kinds: jenkinsKinds,
  open(settings, outbound) {
    const { user = "", token = "" } = settings;
    const authorization = `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`;
    return {
      settings,
      http: createHttpClient({
        outbound,
        baseUrl: (settings["baseUrl"] ?? "").replace(/\/+$/, ""),
        ...{ system: "Jenkins", headers: () => Promise.resolve({ authorization }) },
        whenRefused: "Check user and API token, and that the user has Overall/Read and Job/Read.",
      }),
    };
  },
  async check(session) {
    const { body } = await session.http.get("/api/json", { tree: "nodeDescription,url" });
    return `Jenkins at ${textAt(body, "url") ?? session.settings["baseUrl"] ?? ""}`;
  },
  webhook: jenkinsWebhook,
  defaults: {
    blueprints,
    resources: [
      resource("job", "true", "jenkinsJob", {
        identifier: identifierOf(".fullName"),
        title: ".fullName",
        properties: {
          ...{ jobName: ".name", url: ".url", description: ".description", isFolder: ".__isFolder" },
          // blue_anime: the same, while a build is under way.
          jobStatus: `.color // "" | sub("_anime$"; "") | if . == "blue" then "passing" elif . == "red" then "failing" elif . == "yellow" then "unstable" elif . == "notbuilt" then "created" else "unknown" end`,
        },
        relations: { parentJob: `.__parent.fullName | if . == null then null else ${identifierOf(".")} end` },
      }),
      resource("build", "true", "jenkinsBuild", {
        identifier: `${JOB} + "/" + (.number | tostring)`,
        title: ".fullDisplayName",
        properties: {
          ...{ buildStatus: ".result", buildUrl: ".url", branch: ".__branch", sha: ".__sha" },
          ...{ startedAt: STARTED, finishedAt: `if .building then null else ${FINISHED} end` },
          buildDuration: ".duration",
        },
        relations: { parentJob: JOB, service: SERVICE },
      }),
    ],
  },
  strategies,
  defaultStrategies: ["deploy-job"],
};
