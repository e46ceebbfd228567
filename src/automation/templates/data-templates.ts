/** Bundled actions of those who work with data, customers and models. */
import { choice, group, number, text } from "./action-template.ts";

const REASON = text("Reason", { format: "multi-line" });
const VERSION = text("Version");

export const DATA_TEMPLATES = [
  ...group("Data Engineering", {
    "change-column": {
      title: "Add / Remove / Update column to table",
      description: "As a migration, to be reviewed.",
      on: "table",
      inputs: {
        change: choice("Change", "add", "remove", "update"),
        column: text("Column", { pattern: "^[a-z_][a-z0-9_]*$" }),
        type: text("Type", { visible: { jqQuery: '.form.change != "remove"' }, dependsOn: ["change"] }),
      },
      required: ["change", "column"],
      isDangerous: true,
    },
    "run-dag": {
      title: "Run Airflow DAG",
      description: "Starts a run of a DAG with a configuration.",
      into: "dag",
      inputs: { dag: text("DAG"), configuration: { type: "object", title: "Configuration" } },
      required: ["dag"],
    },
    "duplicate-table": {
      title: "Duplicate table",
      description: "Under another name, with its data or without.",
      on: "table",
      inputs: {
        name: text("Name of the copy", { pattern: "^[a-z_][a-z0-9_]*$" }),
        withData: { type: "boolean", title: "With its data", default: false },
      },
      required: ["name"],
    },
  }),
  ...group("Backoffice", {
    "customer-configuration": {
      title: "Change customer configuration",
      description: "One setting of one customer.",
      on: "customer",
      inputs: { setting: text("Setting"), value: text("Value"), reason: REASON },
      required: ["setting", "value", "reason"],
      isDangerous: true,
    },
    "customer-version": {
      title: "Update customer software version",
      description: "Where customers have versions of their own.",
      on: "customer",
      inputs: { version: VERSION },
      required: ["version"],
      isDangerous: true,
    },
    "plan-tier": {
      title: "Upgrade - Downgrade plan tier",
      description: "From the day that is named.",
      on: "customer",
      inputs: {
        tier: choice("Tier", "free", "team", "enterprise"),
        from: text("From", { format: "date-time" }),
      },
      required: ["tier"],
      isDangerous: true,
    },
    "create-customer": {
      title: "Create customer",
      description: "With its first user.",
      into: "customer",
      inputs: { name: text("Name"), mail: text("First user", { format: "email" }) },
      required: ["name", "mail"],
    },
    "delete-customer": {
      title: "Delete customer",
      description: "With everything that is stored of it.",
      on: "customer",
      operation: "DELETE",
      inputs: {
        name: text("Its name, to be sure", { pattern: { jqQuery: "[.entity.title]" } }),
        reason: REASON,
      },
      required: ["name", "reason"],
      isDangerous: true,
    },
  }),
  ...group("Machine learning actions", {
    "train-model": {
      title: "Train model",
      description: "On a dataset, with parameters.",
      on: "model",
      inputs: {
        dataset: text("Dataset"),
        epochs: number("Epochs", { minimum: 1, maximum: 1000, default: 10 }),
        parameters: { type: "object", title: "Parameters" },
      },
      required: ["dataset"],
    },
    "preprocess-dataset": {
      title: "Pre-process dataset",
      description: "With a recipe that is known.",
      on: "dataset",
      inputs: { recipe: choice("Recipe", "clean", "balance", "tokenise") },
      required: ["recipe"],
    },
    "deploy-model": {
      title: "Deploy",
      description: "Serves a version of a model.",
      on: "model",
      inputs: { version: VERSION, environment: choice("Environment", "staging", "production") },
      required: ["version", "environment"],
      isDangerous: true,
    },
    "model-traffic": {
      title: "A/B testing traffic route",
      description: "Splits the traffic between two versions.",
      on: "model",
      inputs: {
        a: text("Version A"),
        b: text("Version B"),
        percent: number("Share of B, percent", { minimum: 0, maximum: 100, default: 10 }),
      },
      required: ["a", "b", "percent"],
      isDangerous: true,
    },
    "revert-model": {
      title: "Revert",
      description: "Serves the version before.",
      on: "model",
      inputs: { reason: REASON },
      required: ["reason"],
      isDangerous: true,
    },
    notebook: {
      title: "Spin up remote Jupyter notebook",
      description: "With so much memory, for so many hours.",
      into: "notebook",
      inputs: {
        memory: choice("Memory", "8 GiB", "32 GiB", "128 GiB"),
        hours: number("Hours", { minimum: 1, maximum: 72, default: 8 }),
      },
      required: ["memory"],
    },
  }),
];
