import { Button } from "@mantine/core";
import { Dialog } from "./dialog.tsx";

/** Whether what is unsaved is to be lost. */
export function LeaveQuestion({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }) {
  return (
    <Dialog title="Leave without saving?" size={420} onClose={onKeep}>
      <div className="stack">
        <p>What you changed here is saved nowhere yet.</p>
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
