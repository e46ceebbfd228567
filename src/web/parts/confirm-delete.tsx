import { Button, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Dialog } from "./dialog.tsx";
import { ErrorPanel } from "./error-panel.tsx";

interface Props {
  title: string;
  /** Has to be typed, so that nobody deletes by a slip. */
  identifier: string;
  /** Whether that is its name, which the page shows, and not its identifier. */
  isName?: boolean;
  /** What becomes of it, in a sentence. */
  consequence: string;
  /** For the error: what could not be done. */
  what: string;
  removal: { readonly mutate: () => void; readonly error: Error | null; readonly isPending: boolean };
  onClose: () => void;
  /** Choices beside the field. */
  children?: ReactNode;
}

/** Deletes what is named by its identifier, or its name, when that was typed. */
export function ConfirmDelete(props: Props) {
  const { title, identifier, isName = false, consequence, what, removal, onClose, children } = props;
  const [typed, setTyped] = useState("");
  return (
    <Dialog title={title} size={460} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === identifier) removal.mutate();
        }}
      >
        <p>
          {consequence} Type <code>{identifier}</code> to go on.
        </p>
        {removal.error ? <ErrorPanel what={what} error={removal.error} /> : null}
        <TextInput
          aria-label={isName ? "Name" : "Identifier"}
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {children}
        <div className="row">
          <Button type="submit" color="red" disabled={typed !== identifier} loading={removal.isPending}>
            Delete
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
