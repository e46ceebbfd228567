import { Select, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { isSystem, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { Pick } from "../parts/pick.tsx";
import { type Doc, textAt, withKey } from "./document-drawer.tsx";
import { JsonText } from "./json-text.tsx";

interface Field {
  readonly key: string;
  readonly label: string;
  readonly kind: "text" | "switch" | "json" | "blueprint" | "method";
  readonly about?: string;
  readonly required?: boolean;
  /** Of a switch: what it is where nothing is said. */
  readonly usual?: boolean;
}

const WEBHOOK: readonly Field[] = [
  { key: "url", label: "URL", kind: "text", required: true, about: "May hold {{ .secrets.NAME }}" },
  { key: "method", label: "Method", kind: "method" },
  {
    key: "synchronized",
    label: "The answer ends the run",
    kind: "switch",
    about: "Otherwise the receiver reports how it went.",
  },
  { key: "headers", label: "Headers", kind: "json" },
  { key: "body", label: "Body", kind: "json", about: "Without one everything is sent that templates see." },
];

/** What each way of carrying an action out is told. */
const FIELDS: Readonly<Record<string, { readonly label: string; readonly fields: readonly Field[] }>> = {
  WEBHOOK: {
    label: "Webhook",
    fields: [
      ...WEBHOOK,
      {
        key: "agent",
        label: "An agent in your network calls it",
        kind: "switch",
        about: "port-agent asks for the run; the address need not be reachable from here.",
      },
    ],
  },
  UPSERT_ENTITY: {
    label: "Create or change an entity",
    fields: [
      { key: "blueprintIdentifier", label: "Blueprint", kind: "blueprint", required: true },
      { key: "mapping", label: "Mapping", kind: "json", required: true },
    ],
  },
  GITHUB: {
    label: "GitHub workflow",
    fields: [
      { key: "org", label: "Organisation", kind: "text", required: true },
      { key: "repo", label: "Repository", kind: "text", required: true },
      { key: "workflow", label: "Workflow", kind: "text", required: true, about: "deploy.yml" },
      { key: "workflowInputs", label: "Inputs", kind: "json" },
      {
        ...{
          key: "reportWorkflowStatus",
          label: "The workflow's end ends the run",
          kind: "switch",
          usual: true,
        },
        about: "Otherwise the workflow reports how it went.",
      },
    ],
  },
  GITLAB: {
    label: "GitLab pipeline",
    fields: [
      { key: "groupName", label: "Group", kind: "text", required: true },
      { key: "projectName", label: "Project", kind: "text", required: true },
      { key: "defaultRef", label: "Branch", kind: "text" },
      { key: "pipelineVariables", label: "Variables", kind: "json" },
      {
        ...{ key: "reportWorkflowStatus", label: "The pipeline's end ends the run", kind: "switch" },
        about: "Otherwise the pipeline reports how it went.",
      },
    ],
  },
  AZURE_DEVOPS: {
    label: "Azure DevOps pipeline",
    fields: [
      { key: "org", label: "Organisation", kind: "text", required: true },
      { key: "webhook", label: "Incoming webhook", kind: "text", required: true },
      { key: "payload", label: "Payload", kind: "json" },
      {
        ...{ key: "reportWorkflowStatus", label: "The pipeline's end ends the run", kind: "switch" },
        about:
          "Needs the project, and the secret AZURE_DEVOPS_TOKEN. Otherwise the pipeline reports how it went.",
      },
      { key: "project", label: "Project", kind: "text", about: "Where the pipeline's runs are looked for" },
      {
        ...{ key: "pipeline", label: "Id of the pipeline", kind: "text" },
        about: "Where the webhook starts several",
      },
    ],
  },
  SLACK: { label: "Slack message", fields: WEBHOOK.filter(({ key }) => key === "url" || key === "body") },
  EMAIL: {
    label: "E-mail",
    fields: [
      { key: "to", label: "To", kind: "text", required: true },
      { key: "subject", label: "Subject", kind: "text", required: true },
      { key: "text", label: "Text", kind: "text", required: true },
    ],
  },
  KAFKA: {
    label: "Kafka",
    fields: [
      {
        ...{ key: "payload", label: "Payload", kind: "json" },
        about: "Without one everything is sent that templates see.",
      },
    ],
  },
  INTEGRATION_ACTION: {
    label: "Ocean integration",
    fields: [
      { key: "installationId", label: "Installation", kind: "text", required: true },
      { key: "integrationActionType", label: "Action of the integration", kind: "text", required: true },
      { key: "integrationActionExecutionProperties", label: "Properties", kind: "json", required: true },
    ],
  },
};

const STARTS: Readonly<Record<string, Doc>> = {
  WEBHOOK: { type: "WEBHOOK", url: "", synchronized: true },
  SLACK: { type: "SLACK", url: "{{ .secrets.SLACK_URL }}", body: { text: "" } },
  UPSERT_ENTITY: { type: "UPSERT_ENTITY", blueprintIdentifier: "", mapping: { properties: {} } },
  INTEGRATION_ACTION: {
    ...{ type: "INTEGRATION_ACTION", installationId: "", integrationActionType: "" },
    integrationActionExecutionProperties: {},
  },
};

/** How it is carried out: the method and what it is told. Texts may be templates. */
export function BackendForm({
  invocation,
  onChange,
}: {
  invocation: Doc;
  onChange: (invocation: Doc) => void;
}) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const type = textAt(invocation, "type");
  const set = (key: string, value: unknown) => onChange(withKey(invocation, key, value));
  return (
    <div className="stack">
      <Pick
        label="What happens"
        value={type}
        data={Object.entries(FIELDS).map(([value, { label }]) => ({ value, label }))}
        onChange={(next) => onChange(STARTS[next ?? ""] ?? { type: next })}
      />
      {(FIELDS[type]?.fields ?? []).map(
        ({ key, label, kind, about = null, required = false, usual = false }) => {
          const value = invocation[key];
          switch (kind) {
            case "switch":
              return (
                <Switch
                  key={key}
                  label={label}
                  description={about}
                  checked={value === undefined ? usual : value === true || value === "true"}
                  onChange={(event) => set(key, event.currentTarget.checked)}
                />
              );
            case "json":
              return (
                <JsonText
                  key={key}
                  label={label}
                  about={about}
                  value={value}
                  onChange={(next) => set(key, next)}
                />
              );
            case "blueprint":
              return (
                <Select
                  key={key}
                  label={label}
                  required
                  searchable
                  placeholder="Choose"
                  data={blueprints
                    .filter(({ identifier }) => !isSystem(identifier))
                    .map((one) => ({ value: one.identifier, label: titleOf(one) }))}
                  value={textAt(invocation, key) || null}
                  onChange={(next) => set(key, next ?? "")}
                />
              );
            case "method":
              return (
                <Pick
                  key={key}
                  label={label}
                  value={textAt(invocation, key) || "POST"}
                  data={["POST", "GET", "PUT", "PATCH", "DELETE"]}
                  onChange={(next) => set(key, next ?? "POST")}
                />
              );
            default:
              return (
                <TextInput
                  key={key}
                  label={label}
                  description={about}
                  required={required}
                  value={textAt(invocation, key)}
                  onChange={(event) =>
                    // A key that must be there stays, however empty, so that the server's word is about its value.
                    onChange(
                      required
                        ? { ...invocation, [key]: event.currentTarget.value }
                        : withKey(invocation, key, event.currentTarget.value),
                    )
                  }
                />
              );
          }
        },
      )}
    </div>
  );
}
