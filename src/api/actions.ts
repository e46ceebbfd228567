/** Wire contract of actions and their runs (workflows.md §3.1). */
import Type from "typebox";
import { Flag } from "./common.ts";

const text = Type.Optional(Type.String());
/** One value, or several: `?a=1&a=2`. */
const texts = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));

const Action = Type.Object(
  { identifier: Type.String(), id: Type.String(), createdAt: Type.String(), updatedAt: Type.String() },
  { additionalProperties: true },
);
const Run = Type.Object({ id: Type.String(), status: Type.String() }, { additionalProperties: true });

export const ActionParams = Type.Object({ action: Type.String({ description: "action identifier" }) });
export const RunParams = Type.Object({ run: Type.String({ description: "run id, r_…" }) });

export const ActionsQuery = Type.Object({
  action_identifier: texts("actions with these identifiers"),
  blueprint_identifier: texts("of these blueprints"),
  operation: texts("CREATE, DAY-2, DELETE"),
  published: Type.Optional(Type.String({ description: "true or false" })),
  trigger_type: Type.Optional(Type.String({ description: "self-service or automation" })),
  trigger_event: texts("types of events of automations"),
  trigger_event_action_identifier: texts("actions whose runs start the automation"),
  version: Type.Optional(Type.String({ description: "v1 or v2" })),
});

/** Checked by model/action.ts. */
export const ActionRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description:
      "identifier, title, icon, description, trigger, invocationMethod, requiredApproval, approvalNotification, publish, allowAnyoneToViewRuns",
  },
);
export const ActionsResponse = Type.Object({ ok: Type.Literal(true), actions: Type.Array(Action) });
export const ActionResponse = Type.Object({
  ok: Type.Literal(true),
  action: Action,
  warnings: Type.Optional(
    Type.Array(Type.String(), { description: "expressions that are no jq: they give null" }),
  ),
});

/** Checked by automation/run-action.ts. */
export const RunRequest = Type.Object(
  {},
  { additionalProperties: true, description: "properties: the inputs by key; entity: an identifier" },
);
export const RunQuery = Type.Object({
  run_as: Type.Optional(
    Type.String({ description: "e-mail of the person in whose name it runs; with API credentials" }),
  ),
  version: text,
});
export const VersionQuery = Type.Object({ version: text });
export const RunResponse = Type.Object({ ok: Type.Literal(true), run: Run });
export const RunsResponse = Type.Object({ ok: Type.Literal(true), runs: Type.Array(Run) });

export const RunsQuery = Type.Object({
  entity: text,
  blueprint: text,
  active: Flag("runs that have not ended"),
  user_email: text,
  user_id: text,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  exclude: texts("keys to leave out of each run, such as payload"),
  external_run_id: text,
  action: text,
  source: texts("UI, API, AUTOMATION"),
  version: text,
});

/** Checked by automation/update-run.ts. */
export const PatchRunRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "status (SUCCESS, FAILURE), statusLabel, link, summary, message, externalRunId",
  },
);
export const RunLogRequest = Type.Object(
  {},
  { additionalProperties: true, description: "message, terminationStatus (SUCCESS, FAILURE), statusLabel" },
);
const RunLog = Type.Object({
  id: Type.String(),
  runId: Type.String(),
  message: Type.String(),
  terminationStatus: Type.Unsafe<string | null>({ type: ["string", "null"] }),
  statusLabel: Type.Unsafe<string | null>({ type: ["string", "null"] }),
  createdAt: Type.String(),
});
export const RunLogResponse = Type.Object({ ok: Type.Literal(true), runLog: RunLog });
export const RunLogsQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 50 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
});
export const RunLogStreamQuery = Type.Object({
  after: Type.Optional(Type.String({ description: "id of the last line that is known, such as log_12" })),
});
export const RunLogsResponse = Type.Object({ ok: Type.Literal(true), runLogs: Type.Array(RunLog) });
export const RunResponseRequest = Type.Object(
  {},
  { additionalProperties: true, description: "response: what was answered to the executor" },
);

const Grant = Type.Object({
  users: Type.Array(Type.String()),
  roles: Type.Array(Type.String()),
  teams: Type.Array(Type.String()),
  ownedByTeam: Type.Optional(Type.Boolean()),
  policy: Type.Unsafe<object | null>({ type: ["object", "null"], additionalProperties: true }),
});
const Permissions = Type.Object({ execute: Grant, approve: Grant });
export const ActionPermissionsResponse = Type.Object({ ok: Type.Literal(true), permissions: Permissions });
/** Checked by model/action-permission.ts. */
export const ActionPermissionsRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "execute {users, roles, teams, ownedByTeam, policy}, approve {users, roles, teams, policy}",
  },
);
export const AccessQuery = Type.Object({
  entity: Type.Optional(Type.String({ description: "on this entity; without it, on some" })),
});
export const AccessResponse = Type.Object({
  ok: Type.Literal(true),
  permissions: Permissions,
  mayRun: Type.Boolean(),
  mayEdit: Type.Boolean(),
  mayApprove: Type.Boolean(),
});
/** Checked by automation/action-access.ts. */
export const FormRequest = Type.Object(
  {},
  { additionalProperties: true, description: "properties: what is filled in so far; entity: an identifier" },
);
export const FormResponse = Type.Object({
  ok: Type.Literal(true),
  inputs: Type.Object(
    {},
    {
      additionalProperties: true,
      description: "each input with its expressions settled, visible, disabled, required, value, problem",
    },
  ),
});

/** Checked by automation/approve-run.ts. */
export const ApprovalRequest = Type.Object(
  {},
  { additionalProperties: true, description: "status: APPROVE or DECLINE; description" },
);
export const ApproversQuery = Type.Object({
  include_pending_approvers: Flag("also those who have not decided yet"),
});
export const ApproversResponse = Type.Object({
  ok: Type.Literal(true),
  approvers: Type.Array(
    Type.Object(
      { email: Type.String(), state: Type.String({ description: "APPROVED | DECLINED | PENDING" }) },
      { additionalProperties: true },
    ),
  ),
});

/** Checked by automation/claim-runs.ts. */
export const ClaimRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "installationId, limit, visibilityTimeoutMs, invocationMethod, exclude",
  },
);
export const AckRequest = Type.Object(
  {},
  { additionalProperties: true, description: "runId, or runIds: a list" },
);
export const AckResponse = Type.Object({
  ok: Type.Literal(true),
  ackedCount: Type.Integer({ description: "how many had not been acknowledged yet" }),
});
export const NodeRunsResponse = Type.Object({
  ok: Type.Literal(true),
  nodeRuns: Type.Array(Type.Object({}, { additionalProperties: true })),
});
export const TouchedResponse = Type.Object({
  ok: Type.Literal(true),
  entities: Type.Array(
    Type.Object({
      blueprint: Type.String(),
      identifier: Type.String(),
      action: Type.String({ description: "CREATE | UPDATE | DELETE" }),
      at: Type.String(),
    }),
  ),
});

export const ActionTemplateParams = Type.Object({
  template: Type.String({ description: "template identifier" }),
});
export const ActionTemplatesResponse = Type.Object({
  ok: Type.Literal(true),
  templates: Type.Array(
    Type.Object(
      {
        identifier: Type.String(),
        group: Type.String(),
        title: Type.String(),
        description: Type.String(),
        isDangerous: Type.Boolean({ description: "made with an approval" }),
      },
      { additionalProperties: true },
    ),
  ),
});
/** Checked by automation/templates/apply-template.ts. */
export const ApplyActionTemplateRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "parameters: values by name; identifier; invocationMethod: another way to carry it out",
  },
);
export const ApplyActionTemplateResponse = Type.Object({
  ok: Type.Literal(true),
  identifier: Type.String(),
  action: Type.String({ description: "created | unchanged" }),
  blueprint: Type.String({ description: "created | extended | unchanged" }),
});

export const BlueprintActionsParams = Type.Object({
  blueprint: Type.String({ description: "blueprint identifier" }),
});
export const BlueprintActionParams = Type.Object({
  blueprint: Type.String({ description: "blueprint identifier" }),
  action: Type.String({ description: "action identifier" }),
});
export const BlueprintRunParams = Type.Object({
  blueprint: Type.String({ description: "blueprint identifier" }),
  entity: Type.Optional(Type.String({ description: "entity identifier" })),
  action: Type.String({ description: "action identifier" }),
});
