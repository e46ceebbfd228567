/** The part of smtp-server that tests use; the package has no types. */
declare module "smtp-server" {
  import type { Server } from "node:net";
  import type { Readable } from "node:stream";

  interface Session {
    readonly envelope: {
      readonly mailFrom: { readonly address: string } | false;
      readonly rcptTo: readonly { readonly address: string }[];
    };
    readonly user?: string;
    readonly secure: boolean;
  }
  type Done = (error?: Error | null) => void;

  export class SMTPServer {
    constructor(options: {
      readonly authOptional?: boolean;
      readonly disabledCommands?: readonly string[];
      readonly allowInsecureAuth?: boolean;
      readonly logger?: boolean;
      onAuth?(
        auth: { readonly username?: string; readonly password?: string },
        session: Session,
        done: (error: Error | null, answer?: { readonly user: string }) => void,
      ): void;
      onRcptTo?(address: { readonly address: string }, session: Session, done: Done): void;
      onData?(stream: Readable, session: Session, done: Done): void;
    });
    readonly server: Server;
    listen(port: number, host: string, done: () => void): void;
    close(done: () => void): void;
    on(event: "error", listener: (error: Error) => void): void;
  }
}
