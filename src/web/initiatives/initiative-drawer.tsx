import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Doc, DocumentDrawer, textAt, withKey } from "../actions/document-drawer.tsx";
import { editable, identifierOf } from "../builder/parse-document.ts";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
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
  const [isNamed, setIsNamed] = useState(before !== null);
  const [isDeleting, setIsDeleting] = useState(false);
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
    <>
      <DocumentDrawer
        title={before === null ? "New initiative" : `Edit ${textAt(document, "title") || before}`}
        what="save the initiative"
        document={document}
        onDocument={setDocument}
        isNew={before === null}
        save={save}
        onClose={onClose}
        more={
          before === null ? null : (
            <Button variant="subtle" color="red" onClick={() => setIsDeleting(true)}>
              Delete
            </Button>
          )
        }
      >
        <TextInput
          label="Title"
          required
          data-autofocus
          value={textAt(document, "title")}
          onChange={(event) => {
            const title = event.currentTarget.value;
            setDocument({
              ...withKey(document, "title", title),
              ...(isNamed ? {} : { identifier: identifierOf(title) }),
            });
          }}
        />
        <TextInput
          label="Identifier"
          required
          disabled={before !== null}
          value={textAt(document, "identifier")}
          onChange={(event) => {
            setIsNamed(true);
            setDocument({ ...document, identifier: event.currentTarget.value });
          }}
        />
        <InitiativeForm document={document} onChange={setDocument} />
      </DocumentDrawer>
      {isDeleting ? (
        <ConfirmDelete
          title="Delete the initiative"
          identifier={before ?? ""}
          consequence="Its progress and its automations go; runs stay."
          what="delete the initiative"
          removal={removal}
          onClose={() => setIsDeleting(false)}
        />
      ) : null}
    </>
  );
}
