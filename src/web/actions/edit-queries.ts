/** Writing actions, and who may run them. */
import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, postJson, sendJson } from "../api/client.ts";
import type { ActionDoc } from "./types.ts";

const at = (action: string, rest = "") => `/v1/actions/${encodeURIComponent(action)}${rest}`;

export interface AccessDoc {
  readonly permissions: PermissionsDoc;
  readonly mayRun: boolean;
  readonly mayEdit: boolean;
  readonly mayApprove: boolean;
}

export interface GrantDoc {
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  readonly ownedByTeam?: boolean;
  readonly policy: unknown;
}

export interface PermissionsDoc {
  readonly execute: GrantDoc;
  readonly approve: GrantDoc;
}

export const accessQuery = (action: string, entity?: string) =>
  queryOptions({
    queryKey: ["actions", "access", action, entity ?? null],
    queryFn: ({ signal }) => getJson<AccessDoc>(at(action, "/access"), { entity }, signal),
  });

export interface SavedAction {
  readonly action: ActionDoc;
  readonly warnings?: readonly string[];
}

export const saveAction = (before: string | null, document: unknown) =>
  before === null
    ? postJson<SavedAction>("/v1/actions", document)
    : sendJson<SavedAction>("PUT", at(before), document);

export const savePermissions = (action: string, permissions: unknown) =>
  sendJson<{ permissions: PermissionsDoc }>("PATCH", at(action, "/permissions"), permissions);

export const removeAction = (action: string) => deleteJson(at(action));

export interface TemplateDoc {
  readonly identifier: string;
  readonly title: string;
  readonly description: string;
  readonly group?: string;
  readonly isDangerous?: boolean;
  readonly parameters?: readonly {
    readonly name: string;
    readonly title: string;
    readonly type: string;
    readonly default?: string | number;
  }[];
}

/** What comes with Fairway. */
export const templatesQuery = (of: "actions" | "automations") =>
  queryOptions({
    queryKey: ["actions", "templates", of],
    queryFn: ({ signal }) => getJson<{ templates: TemplateDoc[] }>(`/v1/templates/${of}`, {}, signal),
    select: (answer) => answer.templates,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const applyTemplate = (
  of: "actions" | "automations",
  template: string,
  parameters: Readonly<Record<string, string | number>>,
) => postJson<{ identifier?: string }>(`/v1/templates/${of}/${encodeURIComponent(template)}`, { parameters });
