import { Button } from "@mantine/core";
import { Command } from "../parts/command.tsx";
import { Notice } from "../parts/notice.tsx";

/** Codes for when the app is lost, right after they were made. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  return (
    <div className="stack">
      <Notice>
        These recovery codes are shown this once. Keep them where you find them without your phone: each signs
        you in once instead of a code of the app.
      </Notice>
      <Command label="recovery codes" text={codes.join("\n")} />
      <div className="row">
        <Button onClick={onDone}>I have kept them</Button>
      </div>
    </div>
  );
}
