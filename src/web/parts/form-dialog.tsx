import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { isSignedOut } from "../api/is-gone.ts";
import { Dialog } from "./dialog.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { UnsavedOnPage } from "./unsaved-on-page.tsx";

interface Props {
  title: string;
  size?: number;
  /** For the error: “save the team”. */
  what: string;
  /** What the button says. */
  submit: string;
  write: { readonly error: Error | null; readonly isPending: boolean };
  isReady: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** Of the browser, for fields that are no business of its. */
  autoComplete?: "off";
  /** Beside the buttons. */
  note?: ReactNode;
  /** The fields. */
  children: ReactNode;
}

/** A form over the page: its fields, what was refused, and two buttons. */
export function FormDialog(props: Props) {
  const { title, size, what, submit, write, isReady, onSubmit, onClose, autoComplete, note, children } =
    props;
  return (
    <Dialog title={title} {...(size === undefined ? {} : { size })} onClose={onClose}>
      <form
        className="stack"
        autoComplete={autoComplete}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onSubmit();
        }}
      >
        <UnsavedOnPage isChanged={isSignedOut(write.error)} />
        {write.error ? <ErrorPanel what={what} error={write.error} /> : null}
        {children}
        <div className="row">
          <Button type="submit" loading={write.isPending} disabled={!isReady}>
            {submit}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {note}
        </div>
      </form>
    </Dialog>
  );
}
