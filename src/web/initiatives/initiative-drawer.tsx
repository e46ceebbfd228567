import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Doc, DocumentDrawer, textAt } from "../actions/document-drawer.tsx";
import { NameFields } from "../actions/name-fields.tsx";
import { editable } from "../builder/parse-document.ts";
import { InitiativeForm } from "./initiative-form.tsx";
import { type InitiativeDoc, removeInitiative, saveInitiative } from "./queries.ts";

const BLANK: Doc = {
  identifier: "",
  title: "",
  reminders: { daysBefore: [14, 7, 1], overdue: "week" },
  recipients: { owners: true },
};
/** Set by the server. */
const READ_ONLY = ["automations", "total", "done", "countedAt", "status", "days"];

/** An initiative by its form and as JSON. @param initiative null: a new one */
export function InitiativeDrawer({
  initiative,
  onClose,
  onDeleted = onClose,
}: {
  initiative: InitiativeDoc | null;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const [document, setDocument] = useState<Doc>(() => {
    if (initiative === null) return BLANK;
    const own = JSON.parse(editable(initiative)) as Doc;
    return Object.fromEntries(Object.entries(own).filter(([key]) => !READ_ONLY.includes(key)));
  });
  const before = initiative?.identifier ?? null;
  const client = useQueryClient();
  const done = async (next: () => void) => {
    await client.invalidateQueries({ queryKey: ["initiatives"] });
    next();
  };
  const save = useMutation({
    mutationFn: () => saveInitiative(before, document),
    onSuccess: () => done(onClose),
  });
  const removal = useMutation({
    mutationFn: () => removeInitiative(before ?? ""),
    onSuccess: () => done(onDeleted),
  });
  return (
    <DocumentDrawer
      title={before === null ? "New initiative" : `Edit ${textAt(document, "title") || before}`}
      noun="initiative"
      document={document}
      onDocument={setDocument}
      before={before}
      save={save}
      removal={{ ...removal, consequence: "Its progress and its automations go; runs stay." }}
      onClose={onClose}
    >
      <NameFields
        document={document}
        onChange={setDocument}
        isNew={before === null}
        isFixed={before !== null}
      />
      <InitiativeForm document={document} onChange={setDocument} />
    </DocumentDrawer>
  );
}
