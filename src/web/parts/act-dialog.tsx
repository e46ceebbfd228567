import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Dialog } from "./dialog.tsx";
import { ErrorPanel } from "./error-panel.tsx";

interface Props {
  title: string;
  size?: number;
  /** For the error: “create a new secret”. */
  what: string;
  /** What the button says. */
  act: string;
  isDanger?: boolean;
  write: { readonly error: Error | null; readonly isPending: boolean; readonly mutate: () => void };
  onClose: () => void;
  /** What becomes of it. */
  children: ReactNode;
}

/** Asks once before something is done that others notice. */
export function ActDialog(props: Props) {
  const { title, size, what, act, isDanger = false, write, onClose, children } = props;
  return (
    <Dialog title={title} {...(size === undefined ? {} : { size })} onClose={onClose}>
      <div className="stack">
        {children}
        {write.error ? <ErrorPanel what={what} error={write.error} /> : null}
        <div className="row">
          <Button
            {...(isDanger ? { color: "red" } : { "data-autofocus": true })}
            loading={write.isPending}
            onClick={() => write.mutate()}
          >
            {act}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
