import { Button } from "@mantine/core";
import { Command } from "../parts/command.tsx";
import { Notice } from "../parts/notice.tsx";

/** The text of a token right after it was made. */
export function TokenToldOnce({ token, onDone }: { token: string; onDone: () => void }) {
  return (
    <div className="stack">
      <Notice>The token is shown this once. Copy it to where it is used before you close this.</Notice>
      <Command label="token" text={token} />
      <details>
        <summary>Trying it</summary>
        <Command
          label="token command"
          text={`curl ${location.origin}/v1/blueprints -H 'authorization: Bearer ${token}'`}
        />
      </details>
      <div className="row">
        <Button onClick={onDone}>I have copied it</Button>
      </div>
    </div>
  );
}
