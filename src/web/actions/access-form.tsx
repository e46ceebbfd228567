import { MultiSelect, Switch, TextInput } from "@mantine/core";
import { useSuggested } from "../catalog/use-suggested.ts";
import { EVERYBODY } from "../builder/everybody.ts";
import { PermissionTable } from "../builder/permission-table.tsx";
import { Pick } from "../parts/pick.tsx";
import css from "./actions.module.css";
import { type Doc, objectAt, textAt, withKey } from "./document-drawer.tsx";
import type { GrantDoc, PermissionsDoc } from "./edit-queries.ts";
import { PolicyForm } from "./policy-form.tsx";
import { RUN_ACTS, whoMayRun } from "./who-may-run.ts";

/** Who may run the action, whether somebody has to approve, and who. */
export function AccessForm({
  document,
  onDocument,
  permissions,
  isDraft,
  mayChange,
  onPermissions,
}: {
  document: Doc;
  onDocument: (document: Doc) => void;
  permissions: PermissionsDoc;
  /** They are not those that hold now. */
  isDraft: boolean;
  mayChange: boolean;
  onPermissions: (permissions: PermissionsDoc) => void;
}) {
  const { execute, approve } = permissions;
  const isEverybody = execute.roles.includes(EVERYBODY);
  const others = execute.roles.filter((role) => role !== EVERYBODY);
  const { requiredApproval } = document;
  const approval =
    requiredApproval === true
      ? "ANY"
      : typeof requiredApproval === "object" && requiredApproval !== null
        ? textAt(requiredApproval as Doc, "type")
        : "";
  const notification = objectAt(document, "approvalNotification");
  const setNotification = (next: Doc | undefined) =>
    onDocument(withKey(document, "approvalNotification", next));
  return (
    <fieldset className={`stack ${css["bare"] ?? ""}`} disabled={!mayChange}>
      <PermissionTable
        rows={whoMayRun(permissions)}
        acts={approval === "" ? RUN_ACTS.slice(0, 2) : RUN_ACTS}
        some="By policy"
        isDraft={isDraft}
      />
      <h3>Who may run it</h3>
      <Switch
        label="Everybody in the organisation"
        checked={isEverybody}
        onChange={(event) =>
          onPermissions({
            ...permissions,
            execute: { ...execute, roles: event.currentTarget.checked ? [...others, EVERYBODY] : others },
          })
        }
      />
      {isEverybody ? null : (
        <>
          <People grant={execute} onChange={(next) => onPermissions({ ...permissions, execute: next })} />
          <Switch
            label="Members of the teams that own the entity"
            checked={execute.ownedByTeam === true}
            onChange={(event) =>
              onPermissions({
                ...permissions,
                execute: { ...execute, ownedByTeam: event.currentTarget.checked },
              })
            }
          />
        </>
      )}
      <PolicyForm
        label="Policy"
        about="Decided for each run: one condition has to give true. Who is named above then only sees the action."
        example='.user.mainRole == "Admin"'
        value={execute.policy ?? undefined}
        onChange={(policy) =>
          onPermissions({ ...permissions, execute: { ...execute, policy: policy ?? null } })
        }
      />
      <h3>Approval</h3>
      <Pick
        label="Somebody has to approve"
        value={approval}
        data={[
          { value: "", label: "No" },
          { value: "ANY", label: "One approver" },
          { value: "ALL", label: "All approvers" },
        ]}
        onChange={(next) =>
          onDocument(withKey(document, "requiredApproval", next ? { type: next } : undefined))
        }
      />
      {approval === "" ? null : (
        <>
          <p className="muted small">Administrators approve, and:</p>
          <People grant={approve} onChange={(next) => onPermissions({ ...permissions, approve: next })} />
          <PolicyForm
            label="Policy of approval"
            about="Conditions give lists of e-mail addresses, of those who may approve too."
            example='["somebody@example.com"]'
            value={approve.policy ?? undefined}
            onChange={(policy) =>
              onPermissions({ ...permissions, approve: { ...approve, policy: policy ?? null } })
            }
          />
          <Pick
            label="Approvers are told"
            value={textAt(notification, "type") || "email"}
            data={[
              { value: "email", label: "By e-mail" },
              { value: "webhook", label: "By webhook" },
            ]}
            onChange={(type) =>
              setNotification(type === "webhook" ? { type, url: "", format: "json" } : undefined)
            }
          />
          {textAt(notification, "type") === "webhook" ? (
            <>
              <TextInput
                label="URL"
                required
                value={textAt(notification, "url")}
                onChange={(event) => setNotification({ ...notification, url: event.currentTarget.value })}
              />
              <Pick
                label="Format"
                value={textAt(notification, "format") || "json"}
                data={[
                  { value: "json", label: "JSON" },
                  { value: "slack", label: "Slack" },
                ]}
                onChange={(format) => setNotification({ ...notification, format })}
              />
            </>
          ) : null}
        </>
      )}
      <Switch
        label="Everybody may see its runs"
        description="Otherwise: whoever ran it, approvers and administrators."
        checked={document["allowAnyoneToViewRuns"] !== false}
        onChange={(event) =>
          onDocument(
            withKey(document, "allowAnyoneToViewRuns", event.currentTarget.checked ? undefined : false),
          )
        }
      />
    </fieldset>
  );
}

function People({ grant, onChange }: { grant: GrantDoc; onChange: (grant: GrantDoc) => void }) {
  const users = useSuggested("_user", { chosen: grant.users });
  const teams = useSuggested("_team", { chosen: grant.teams });
  return (
    <>
      <MultiSelect
        label="Users"
        {...users.field}
        value={[...grant.users]}
        onChange={(next) => onChange({ ...grant, users: next })}
      />
      <MultiSelect
        label="Teams"
        {...teams.field}
        value={[...grant.teams]}
        onChange={(next) => onChange({ ...grant, teams: next })}
      />
    </>
  );
}
