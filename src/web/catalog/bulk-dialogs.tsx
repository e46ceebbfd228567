import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { plural } from "../lib/format.ts";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { type BlueprintDoc, type Column, showValue } from "./blueprint.ts";
import { ValueField } from "./value-field.tsx";
import { isWritable } from "./writable.ts";
import { changeMany, deleteMany } from "./write-entity.ts";

interface Props {
  blueprint: BlueprintDoc;
  identifiers: readonly string[];
  onClose: () => void;
}

const entities = (size: number) => plural(size, "entity", "entities");

/** So many are changed without typing how many. */
const FEW = 20;

/** One value for many entities. */
export function EditMany({
  blueprint,
  columns,
  identifiers,
  onClose,
}: Props & { columns: readonly Column[] }) {
  const client = useQueryClient();
  const choices = columns.filter((column) => column.id !== "$title" && isWritable(column, blueprint));
  const [id, setId] = useState(choices[0]?.id ?? null);
  const [value, setValue] = useState<unknown>();
  const [problem, setProblem] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const column = choices.find((choice) => choice.id === id);
  const isMany = identifiers.length > FEW;
  const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
  const change = useMutation({
    mutationFn: (of: Column) => changeMany(blueprint.identifier, identifiers, of, value),
    onSettled: () => client.invalidateQueries({ queryKey: ["entities", blueprint.identifier] }),
    onSuccess: ({ refused }) => {
      if (refused.length === 0) onClose();
    },
  });
  const refused = change.data?.refused ?? [];
  return (
    <Dialog title={`Edit ${entities(identifiers.length)}`} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (column && problem === null) change.mutate(column);
        }}
      >
        {change.error ? <ErrorPanel what="change the entities" error={change.error} /> : null}
        {refused.length > 0 ? (
          <div role="alert">
            <strong>
              {entities(change.data?.done ?? 0)} changed, {refused.length} refused:
            </strong>
            <ul>
              {refused.slice(0, 10).map(({ identifier, message }) => (
                <li key={identifier} className="small">
                  <code>{identifier}</code>: {message}
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        <Select
          label="What to change"
          searchable
          allowDeselect={false}
          value={id}
          data={choices.map((choice) => ({ value: choice.id, label: choice.title }))}
          onChange={(next) => {
            setId(next);
            setValue(undefined);
            setProblem(null);
          }}
        />
        {column ? (
          <ValueField
            key={column.id}
            blueprint={blueprint}
            column={{ ...column, title: `New ${column.title}` }}
            value={value}
            onChange={setValue}
            onProblem={setProblem}
          />
        ) : null}
        <p className="muted">
          {column
            ? isEmpty
              ? `Takes ${column.title} away from ${entities(identifiers.length)}.`
              : `Sets ${column.title} to ${showValue(value)} on ${entities(identifiers.length)}.`
            : "This blueprint has nothing that can be changed for many."}
        </p>
        {isMany ? (
          <TextInput
            label={`Type ${identifiers.length} to go on`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        ) : null}
        <div className="row">
          <Button
            type="submit"
            loading={change.isPending}
            disabled={
              column === undefined || problem !== null || (isMany && typed !== String(identifiers.length))
            }
          >
            Change {entities(identifiers.length)}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Asks for their number. */
export function DeleteMany({ blueprint, identifiers, onClose, onDone }: Props & { onDone: () => void }) {
  const client = useQueryClient();
  const removal = useMutation({
    mutationFn: () => deleteMany(blueprint.identifier, identifiers),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: ["entities"] }),
  });
  return (
    <ConfirmDelete
      title={`Delete ${entities(identifiers.length)}?`}
      identifier={`delete ${identifiers.length}`}
      consequence="They leave the catalog for good; the audit log keeps what they were. Up to 500 go together, or none of them."
      what="delete the entities"
      removal={removal}
      onClose={onClose}
    />
  );
}
