import { Button } from "@mantine/core";
import { Command } from "../parts/command.tsx";
import { Notice } from "../parts/notice.tsx";

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Client id and secret right after they were made: the secret is not stored and cannot be shown again. */
export function ToldOnce({ credentials, onDone }: { credentials: Credentials; onDone: () => void }) {
  const { clientId, clientSecret } = credentials;
  return (
    <div className="stack">
      <Notice>The secret is shown this once. Copy it to where it is used before you close this.</Notice>
      <div>
        <p className="small muted">Client id</p>
        <Command label="client id" text={clientId} />
      </div>
      <div>
        <p className="small muted">Client secret</p>
        <Command label="client secret" text={clientSecret} />
      </div>
      <details>
        <summary>A token with them</summary>
        <Command
          label="token command"
          text={[
            `curl -X POST ${location.origin}/v1/auth/access_token \\`,
            `  -H 'content-type: application/json' \\`,
            `  -d '${JSON.stringify(credentials)}'`,
          ].join("\n")}
        />
      </details>
      <div className="row">
        <Button onClick={onDone}>I have copied it</Button>
      </div>
    </div>
  );
}
