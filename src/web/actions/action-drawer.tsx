import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRole } from "../api/use-role.ts";
import { Choice } from "../parts/choice.tsx";
import { Notice } from "../parts/notice.tsx";
import { AccessForm } from "./access-form.tsx";
import css from "./actions.module.css";
import { BackendForm } from "./backend-form.tsx";
import { DetailsForm } from "./details-form.tsx";
import { type Doc, DocumentDrawer, objectAt, textAt } from "./document-drawer.tsx";
import { accessQuery, type PermissionsDoc, savePermissions } from "./edit-queries.ts";
import { InputsDesigner } from "./inputs-designer.tsx";
import { ModeratorNote } from "./moderator-note.tsx";
import { actionQuery } from "./queries.ts";
import { RunForm } from "./run-form.tsx";
import type { ActionDoc } from "./types.ts";
import { UnreadDrawer } from "./unread-drawer.tsx";
import { ownDocument, useDocumentWrites } from "./use-document-writes.ts";

const BLANK: Doc = {
  identifier: "",
  trigger: {
    type: "self-service",
    operation: "CREATE",
    userInputs: { properties: {}, required: [], order: [] },
  },
  invocationMethod: { type: "WEBHOOK", url: "https://", synchronized: true },
};

/** As the server has it for an action of which nobody said otherwise. */
const USUAL: PermissionsDoc = {
  execute: { users: [], roles: ["Admin", "Member"], teams: [], ownedByTeam: false, policy: null },
  approve: { users: [], roles: ["Admin"], teams: [], policy: null },
};

/** An action by form and as JSON, with its form as it will be. */
export function ActionDrawer({ action, onClose }: { action: string | null; onClose: () => void }) {
  const stored = useQuery({ ...actionQuery(action ?? ""), enabled: action !== null });
  const access = useQuery({ ...accessQuery(action ?? ""), enabled: action !== null });
  const { isAdmin, moderated } = useRole();
  if (action === null) {
    const [blueprintIdentifier] = moderated;
    const document = isAdmin
      ? BLANK
      : { ...BLANK, trigger: { ...objectAt(BLANK, "trigger"), blueprintIdentifier } };
    return <Editor before={null} document={document} permissions={USUAL} onClose={onClose} />;
  }
  if (stored.data === undefined || access.data === undefined)
    return (
      <UnreadDrawer
        noun="action"
        identifier={action}
        error={stored.error ?? access.error}
        onRetry={() => void Promise.all([stored.refetch(), access.refetch()])}
        onClose={onClose}
      />
    );
  return (
    <Editor
      before={action}
      document={ownDocument(stored.data)}
      permissions={access.data.permissions}
      isLocked={!access.data.mayEdit}
      onClose={onClose}
    />
  );
}

const NOTHING: Doc = {};

/** While JSON is typed, parts of it are no form yet. */
function isDrawable(trigger: Doc): boolean {
  const { properties = {}, order = [], steps = [] } = objectAt(trigger, "userInputs");
  const isDoc = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  return (
    isDoc(properties) &&
    Object.values(properties as Doc).every(isDoc) &&
    Array.isArray(order) &&
    Array.isArray(steps) &&
    steps.every((step: unknown) => isDoc(step) && Array.isArray((step as Doc)["order"]))
  );
}

type Part = "details" | "form" | "backend" | "access";

function Editor({
  before,
  document: initial,
  permissions: granted,
  isLocked = false,
  onClose,
}: {
  before: string | null;
  document: Doc;
  permissions: PermissionsDoc;
  isLocked?: boolean;
  onClose: () => void;
}) {
  const [document, setDocument] = useState(initial);
  const [permissions, setPermissions] = useState(granted);
  const [part, setPart] = useState<Part>("details");
  const { save, removal, warnings, savedTimes } = useDocumentWrites({
    before,
    document,
    alsoSave: async (identifier) => {
      if (permissions !== granted) await savePermissions(identifier, permissions);
    },
    onClose,
  });
  const trigger = objectAt(document, "trigger");
  return (
    <DocumentDrawer
      title={before === null ? "New action" : `Edit ${textAt(initial, "title") || before}`}
      noun="action"
      document={document}
      onDocument={setDocument}
      before={before}
      save={save}
      removal={{ ...removal, consequence: "The action goes; its runs stay." }}
      isLocked={isLocked}
      also={permissions}
      savedTimes={savedTimes}
      onClose={onClose}
      aside={
        <>
          <h3>Preview</h3>
          <div className={css["preview"]}>
            {isDrawable(trigger) ? (
              <RunForm
                key={JSON.stringify(trigger)}
                action={document as unknown as ActionDoc}
                target={null}
                initial={NOTHING}
                isPreview
                onClose={onClose}
              />
            ) : (
              <p className="muted small">The form is not complete.</p>
            )}
          </div>
        </>
      }
    >
      {isLocked ? (
        <Notice>
          You may look at this action; administrators and moderators of its blueprint change it.
        </Notice>
      ) : (
        <ModeratorNote document={document} />
      )}
      {warnings.length > 0 ? (
        <Notice>Saved. These expressions are no jq and give nothing: {warnings.join("; ")}</Notice>
      ) : null}
      <div>
        <Choice<Part>
          label="Part of the action"
          value={part}
          options={[
            { value: "details", label: "Details" },
            { value: "form", label: "Form" },
            { value: "backend", label: "Backend" },
            { value: "access", label: "Permissions" },
          ]}
          onChange={setPart}
        />
      </div>
      {part === "details" ? (
        <DetailsForm document={document} onChange={setDocument} isNew={before === null} />
      ) : null}
      {part === "form" ? (
        <InputsDesigner
          form={objectAt(trigger, "userInputs")}
          onChange={(userInputs) => setDocument({ ...document, trigger: { ...trigger, userInputs } })}
        />
      ) : null}
      {part === "backend" ? (
        <BackendForm
          invocation={objectAt(document, "invocationMethod")}
          onChange={(invocationMethod) => setDocument({ ...document, invocationMethod })}
        />
      ) : null}
      {part === "access" ? (
        <AccessForm
          document={document}
          onDocument={setDocument}
          permissions={permissions}
          isDraft={permissions !== granted}
          mayChange={!isLocked}
          onPermissions={setPermissions}
        />
      ) : null}
    </DocumentDrawer>
  );
}
