import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { EMPTY_VIEW } from "../lib/catalog-search.ts";
import { count, plural } from "../lib/format.ts";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { EntityName } from "../parts/entity-ref.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Toggle } from "../parts/toggle.tsx";
import { type BlueprintDoc, type Column, showValue } from "./blueprint.ts";
import { entityCountQuery } from "./queries.ts";
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
/** So many are named. */
const NAMED = 5;

/** One value for many entities; that all of them lose theirs is a choice of its own. */
export function EditMany({
  blueprint,
  columns,
  identifiers,
  onClose,
}: Props & { columns: readonly Column[] }) {
  const client = useQueryClient();
  const choices = columns.filter((column) => column.id !== "$title" && isWritable(column, blueprint));
  const [id, setId] = useState<string | null>(null);
  const [value, setValue] = useState<unknown>();
  const [isClearing, setClearing] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const column = choices.find((choice) => choice.id === id);
  const isMany = identifiers.length > FEW;
  const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
  const isReady =
    (isClearing || (!isEmpty && problem === null)) && (!isMany || typed === String(identifiers.length));
  const filled = useQuery({
    ...entityCountQuery(blueprint.identifier, EMPTY_VIEW, [
      { property: "$identifier", operator: "in", value: identifiers },
      { property: id ?? "", operator: "isNotEmpty" },
    ]),
    enabled: id !== null,
  });
  const change = useMutation({
    mutationFn: (of: Column) =>
      changeMany(blueprint.identifier, identifiers, of, isClearing ? undefined : value),
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
          if (column && isReady) change.mutate(column);
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
        <p className="small muted">
          {identifiers.slice(0, NAMED).map((identifier, at) => (
            <span key={identifier}>
              {at > 0 ? ", " : ""}
              <EntityName blueprint={blueprint.identifier} identifier={identifier} />
            </span>
          ))}
          {identifiers.length > NAMED ? ` and ${count(identifiers.length - NAMED)} more` : ""}
        </p>
        <Select
          label="What to change"
          placeholder="Choose a property"
          // The dialog is lower than the list: beside the page it is not cut.
          comboboxProps={{ keepMounted: false, shadow: "md", transitionProps: { duration: 0 } }}
          searchable
          allowDeselect={false}
          value={id}
          data={choices.map((choice) => ({ value: choice.id, label: choice.title }))}
          onChange={(next) => {
            setId(next);
            setValue(undefined);
            setClearing(false);
            setProblem(null);
          }}
        />
        {column && !isClearing ? (
          <ValueField
            key={column.id}
            blueprint={blueprint}
            column={{ ...column, title: `New ${column.title}` }}
            value={value}
            onChange={setValue}
            onProblem={setProblem}
          />
        ) : null}
        {column ? (
          <Toggle
            label="Clear the value"
            checked={isClearing}
            onChange={(isOn) => {
              setClearing(isOn);
              setValue(undefined);
              setProblem(null);
            }}
          />
        ) : null}
        <p className="muted">
          {choices.length === 0 ? "This blueprint has nothing that can be changed for many." : null}
          {column && isClearing ? `Takes ${column.title} away from ${entities(identifiers.length)}. ` : null}
          {column && !isClearing && !isEmpty
            ? `Sets ${column.title} to ${showValue(value)} on ${entities(identifiers.length)}. `
            : null}
          {column && filled.data !== undefined && !filled.isPlaceholderData
            ? `${count(filled.data)} of ${count(identifiers.length)} have a value now.`
            : null}
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
            disabled={!isReady}
            {...(isClearing && { color: "red" })}
          >
            {isClearing ? "Clear it on" : "Change"} {entities(identifiers.length)}
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
