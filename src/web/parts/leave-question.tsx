import { Button } from "@mantine/core";
import { Dialog } from "./dialog.tsx";

interface Props {
  /** Where it would go; undefined: only what asks is closed. */
  next?: { readonly pathname: string } | undefined;
  onKeep: () => void;
  onDiscard: () => void;
}

/** Whether what is unsaved is to be lost. */
export function LeaveQuestion({ next, onKeep, onDiscard }: Props) {
  return (
    <Dialog title="Leave without saving?" size={420} onClose={onKeep}>
      <div className="stack">
        <p>Your changes are not saved.</p>
        {next?.pathname === "/login" ? (
          <p>Your session is over. Sign in in another tab, then come back and save it here.</p>
        ) : null}
        <div className="row">
          <Button data-autofocus onClick={onKeep}>
            Keep editing
          </Button>
          <Button variant="default" onClick={onDiscard}>
            Discard the changes
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
