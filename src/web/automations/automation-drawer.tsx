import { Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRole } from "../api/use-role.ts";
import { BackendForm } from "../actions/backend-form.tsx";
import { type Doc, DocumentDrawer, objectAt, textAt } from "../actions/document-drawer.tsx";
import { ModeratorNote } from "../actions/moderator-note.tsx";
import { NameFields } from "../actions/name-fields.tsx";
import { actionQuery, runsQuery } from "../actions/queries.ts";
import { blueprintOf } from "../actions/types.ts";
import { UnreadDrawer } from "../actions/unread-drawer.tsx";
import { ownDocument, useDocumentWrites } from "../actions/use-document-writes.ts";
import { Choice } from "../parts/choice.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { RunsTable } from "../runs/runs-table.tsx";
import { TestPanel } from "./test-panel.tsx";
import { TriggerForm } from "./trigger-form.tsx";

const BLANK: Doc = {
  identifier: "",
  trigger: { type: "automation", event: { type: "ENTITY_UPDATED", blueprintIdentifier: "" } },
  invocationMethod: { type: "WEBHOOK", url: "https://", synchronized: true },
  publish: false,
};

/** An automation: what starts it, what it does, a trial on a past event, its runs. */
export function AutomationDrawer({
  automation,
  onClose,
}: {
  automation: string | null;
  onClose: () => void;
}) {
  const stored = useQuery({ ...actionQuery(automation ?? ""), enabled: automation !== null });
  const { isAdmin, moderated, looksAfter } = useRole();
  if (automation === null) {
    const [blueprintIdentifier] = moderated;
    const event = { type: "ENTITY_UPDATED", blueprintIdentifier };
    const document = isAdmin ? BLANK : { ...BLANK, trigger: { type: "automation", event } };
    return <Editor before={null} document={document} onClose={onClose} />;
  }
  if (stored.data === undefined)
    return (
      <UnreadDrawer
        noun="automation"
        identifier={automation}
        error={stored.error}
        onRetry={() => void stored.refetch()}
        onClose={onClose}
      />
    );
  return (
    <Editor
      before={automation}
      document={ownDocument(stored.data)}
      isLocked={!looksAfter(blueprintOf(stored.data))}
      onClose={onClose}
    />
  );
}

type Part = "trigger" | "backend" | "test" | "runs";

function Editor({
  before,
  document: initial,
  isLocked = false,
  onClose,
}: {
  before: string | null;
  document: Doc;
  isLocked?: boolean;
  onClose: () => void;
}) {
  const [document, setDocument] = useState(initial);
  const [part, setPart] = useState<Part>("trigger");
  const { save, removal, warnings, savedTimes } = useDocumentWrites({ before, document, onClose });
  const trigger = objectAt(document, "trigger");
  return (
    <DocumentDrawer
      title={before === null ? "New automation" : `Edit ${textAt(initial, "title") || before}`}
      noun="automation"
      document={document}
      onDocument={setDocument}
      before={before}
      save={save}
      removal={{ ...removal, consequence: "The automation goes; its runs stay." }}
      isLocked={isLocked}
      savedTimes={savedTimes}
      onClose={onClose}
    >
      {isLocked ? (
        <Notice>
          You may look at this automation; administrators and moderators of its blueprint change it.
        </Notice>
      ) : (
        <ModeratorNote document={document} />
      )}
      {warnings.length > 0 ? (
        <Notice>Saved. These expressions are no jq and never hold: {warnings.join("; ")}</Notice>
      ) : null}
      <NameFields document={document} onChange={setDocument} isNew={before === null} />
      <Switch
        label="Switched on"
        description="It is told what happens from then on."
        checked={document["publish"] === true}
        onChange={(event) => setDocument({ ...document, publish: event.currentTarget.checked })}
      />
      <div>
        <Choice<Part>
          label="Part of the automation"
          value={part}
          options={[
            { value: "trigger", label: "Trigger" },
            { value: "backend", label: "What it does" },
            ...(before === null
              ? []
              : [
                  { value: "test" as const, label: "Test" },
                  { value: "runs" as const, label: "Runs" },
                ]),
          ]}
          onChange={setPart}
        />
      </div>
      {part === "trigger" ? (
        <TriggerForm trigger={trigger} onChange={(next) => setDocument({ ...document, trigger: next })} />
      ) : null}
      {part === "backend" ? (
        <BackendForm
          invocation={objectAt(document, "invocationMethod")}
          onChange={(invocationMethod) => setDocument({ ...document, invocationMethod })}
        />
      ) : null}
      {part === "test" && before !== null ? (
        <TestPanel automation={before} trigger={objectAt(initial, "trigger")} />
      ) : null}
      {part === "runs" && before !== null ? <Runs automation={before} /> : null}
    </DocumentDrawer>
  );
}

function Runs({ automation }: { automation: string }) {
  const { data, error, refetch } = useQuery(runsQuery({ action: automation, limit: 50 }));
  if (data === undefined)
    return error ? (
      <ErrorPanel what="load the runs" error={error} onRetry={() => void refetch()} />
    ) : (
      <div aria-busy>
        <Bone height={160} />
      </div>
    );
  return data.length === 0 ? (
    <Empty title="It has not run yet." />
  ) : (
    <RunsTable runs={data} label="Runs of this automation" />
  );
}
