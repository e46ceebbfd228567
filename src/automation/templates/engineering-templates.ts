/** Bundled actions of engineers: services, environments, resources, operations. */
import { choice, group, number, text } from "./action-template.ts";

const NAME = text("Name", { pattern: "^[a-z][a-z0-9-]{1,62}$", description: "Small letters, digits and -" });
const REASON = text("Reason", { format: "multi-line" });
const VERSION = text("Version", { description: "Tag, or the revision of a commit" });
const SECRET = text("Value", { encryption: "aes256-gcm" });
const ENVIRONMENT = choice("Environment", "staging", "production");

const TTL = { ttl: { type: "string", format: "timer", title: "Ends" } };
const SERVICE_LOCK = {
  deployments_locked: { type: "boolean", title: "Deployments locked" },
  lock_reason: { type: "string", title: "Why locked" },
};

export const ENGINEERING_TEMPLATES = [
  ...group("Microservices SDLC", {
    "scaffold-microservice": {
      title: "Scaffold a new microservice",
      description: "A repository from a template, with its pipeline and its entity.",
      icon: "Microservice",
      into: "service",
      inputs: {
        name: NAME,
        language: choice("Language", "typescript", "go", "java", "python"),
        description: text("What it is for"),
        team: text("Team", { format: "team" }),
      },
      required: ["name", "language", "team"],
    },
    deploy: {
      title: "Deploy (canary or blue-green)",
      description: "Brings a version to an environment.",
      icon: "Deployment",
      on: "service",
      inputs: {
        version: VERSION,
        environment: ENVIRONMENT,
        strategy: choice("Strategy", "canary", "blue-green"),
        percent: number("First share of the traffic, percent", {
          ...{ minimum: 1, maximum: 100, default: 10, dependsOn: ["strategy"] },
          visible: { jqQuery: '.form.strategy == "canary"' },
        }),
      },
      required: ["version", "environment", "strategy"],
      isDangerous: true,
    },
    "feature-flag": {
      title: "Feature flagging",
      description: "Turns a flag on or off for a share of the users.",
      on: "service",
      inputs: {
        flag: text("Flag"),
        isOn: { type: "boolean", title: "On", default: true },
        percent: number("Share of users, percent", { minimum: 0, maximum: 100, default: 100 }),
      },
      required: ["flag"],
    },
    revert: {
      title: "Revert",
      description: "Brings the version before back.",
      icon: "Deployment",
      on: "service",
      inputs: { environment: ENVIRONMENT, version: VERSION, reason: REASON },
      required: ["environment", "reason"],
      isDangerous: true,
    },
    "lock-deployments": {
      title: "Lock deployments",
      description: "Marks a service, or frees it, so that pipelines that look at the mark do not deploy.",
      icon: "Lock",
      on: "service",
      inputs: { locked: { type: "boolean", title: "Locked", default: true }, reason: REASON },
      required: ["reason"],
      writes: {
        title: "Service",
        properties: SERVICE_LOCK,
        mapping: {
          identifier: "{{ .entity.identifier }}",
          properties: { deployments_locked: "{{ .inputs.locked }}", lock_reason: "{{ .inputs.reason }}" },
        },
      },
    },
    "add-secret": {
      title: "Add secret",
      description:
        "Puts a secret where the service reads it. The value is sent encrypted, and shown nowhere.",
      icon: "Lock",
      on: "service",
      inputs: {
        environment: ENVIRONMENT,
        name: text("Name", { pattern: "^[A-Z][A-Z0-9_]*$" }),
        value: SECRET,
      },
      required: ["environment", "name", "value"],
      isDangerous: true,
    },
    "force-merge": {
      title: "Force merge pull request (skip tests on crises)",
      description: "Merges without waiting for the checks.",
      icon: "Git",
      on: "githubPullRequest",
      inputs: { reason: REASON, incident: text("Incident") },
      required: ["reason"],
      isDangerous: true,
    },
    "add-environment-variable": {
      title: "Add environment variable to service",
      description: "By a change of its configuration, to be reviewed as any other.",
      on: "service",
      inputs: {
        environment: ENVIRONMENT,
        name: text("Name", { pattern: "^[A-Z][A-Z0-9_]*$" }),
        value: text("Value"),
      },
      required: ["environment", "name", "value"],
    },
    "add-iac": {
      title: "Add IaC to the service",
      description: "Adds the description of a resource to the service's repository.",
      on: "service",
      inputs: { kind: choice("Resource", "database", "bucket", "queue", "cache"), name: NAME },
      required: ["kind", "name"],
    },
    "upgrade-package": {
      title: "Upgrade package version",
      description: "Opens a pull request with the new version.",
      icon: "Git",
      on: "service",
      inputs: { package: text("Package"), version: VERSION },
      required: ["package", "version"],
    },
  }),
  ...group("Development environments", {
    "spin-up-environment": {
      title: "Spin up a developer environment for 5 days",
      description: "An environment that ends by itself: its timer runs out after so many days.",
      icon: "Environment",
      into: "environment",
      inputs: { name: NAME, days: number("Days", { minimum: 1, maximum: 14, default: 5 }) },
      required: ["name"],
      isDangerous: true,
      writes: {
        title: "Environment",
        properties: {
          ...TTL,
          status: { type: "string", title: "Status" },
          requested_by: { type: "string", title: "Asked for by" },
        },
        mapping: {
          identifier: "{{ .inputs.name }}",
          title: "{{ .inputs.name }}",
          properties: {
            ttl: "{{ now + .inputs.days * 86400 | todate }}",
            status: "running",
            requested_by: "{{ .trigger.by.userId }}",
          },
        },
      },
    },
    "mock-data": {
      title: "ETL mock data to environment",
      description: "Fills an environment with data that is made up.",
      on: "environment",
      inputs: { dataset: choice("Data", "small", "full") },
      required: ["dataset"],
    },
    "invite-developer": {
      title: "Invite developer to the environment",
      description: "Gives somebody access while it lasts.",
      on: "environment",
      inputs: { user: text("Who", { format: "user" }) },
      required: ["user"],
    },
    "extend-ttl": {
      title: "Extend TTL by 3 days",
      description: "Moves the end of an environment, from where it is or from now, whichever is later.",
      icon: "Environment",
      on: "environment",
      inputs: { days: number("Days", { minimum: 1, maximum: 14, default: 3 }) },
      required: [],
      isForOwners: false,
      writes: {
        title: "Environment",
        properties: TTL,
        mapping: {
          identifier: "{{ .entity.identifier }}",
          properties: {
            ttl: '{{ ([(.entity.properties.ttl // "" | sub("\\\\.[0-9]+"; "") | fromdate? // 0), now] | max) + .inputs.days * 86400 | todate }}',
          },
        },
      },
    },
  }),
  ...group("Cloud resources", {
    "provision-resource": {
      title: "Provision a cloud resource",
      description: "Creates a resource from a module that is allowed.",
      icon: "Cloud",
      into: "cloudResource",
      inputs: {
        name: NAME,
        kind: choice("Kind", "database", "bucket", "queue", "cache", "cluster"),
        size: choice("Size", "small", "medium", "large"),
        environment: ENVIRONMENT,
      },
      required: ["name", "kind", "size", "environment"],
      isDangerous: true,
    },
    "modify-resource": {
      title: "Modify a cloud resource",
      description: "Changes its size.",
      icon: "Cloud",
      on: "cloudResource",
      inputs: { size: choice("Size", "small", "medium", "large"), reason: REASON },
      required: ["size"],
      isDangerous: true,
    },
    "resource-permissions": {
      title: "Get permissions to access cloud resource",
      description: "For a while, and for a reason that is kept.",
      icon: "Lock",
      on: "cloudResource",
      inputs: {
        role: choice("Role", "reader", "writer", "admin"),
        hours: number("Hours", { minimum: 1, maximum: 72, default: 8 }),
        reason: REASON,
      },
      required: ["role", "reason"],
      isDangerous: true,
      isForOwners: false,
    },
  }),
  ...group("SRE actions", {
    "pod-count": {
      title: "Update pod count",
      description: "Scales a service.",
      icon: "Cluster",
      on: "service",
      inputs: { environment: ENVIRONMENT, replicas: number("Pods", { minimum: 0, maximum: 100 }) },
      required: ["environment", "replicas"],
      isDangerous: true,
    },
    "autoscaling-group": {
      title: "Update auto-scaling group",
      description: "Sets the least and the most of it.",
      icon: "Cluster",
      on: "service",
      inputs: {
        environment: ENVIRONMENT,
        minimum: number("Least", { minimum: 0, maximum: 1000 }),
        maximum: number("Most", { minimum: 1, maximum: 1000 }),
      },
      required: ["environment", "minimum", "maximum"],
      isDangerous: true,
    },
    runbook: {
      title: "Execute incident response runbook automation",
      description: "Starts a runbook on a service.",
      icon: "Alert",
      on: "service",
      inputs: {
        runbook: choice("Runbook", "restart", "fail-over", "drain", "collect-dumps"),
        reason: REASON,
      },
      required: ["runbook", "reason"],
      isDangerous: true,
    },
  }),
];
