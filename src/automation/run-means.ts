/** What it takes to carry out runs; put together by serve.ts, so that this folder needs no keys and no network of its own. */
import type { SendMail } from "./mailer.ts";
import type { Ctx } from "../storage/context.ts";

/** The one door to other servers (ADR 22), as far as runs need it. */
export interface Door {
  request(
    url: URL,
    request: {
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
    },
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }>;
}

/** Where messages are written (Kafka). */
export interface Broker {
  /** Resolves when the broker has the message. @throws when it may not have it */
  publish(
    topic: string,
    message: {
      readonly key: string;
      readonly value: string;
      readonly headers: Readonly<Record<string, string>>;
    },
  ): Promise<void>;
  close(): Promise<void>;
}

export interface RunMeans {
  readonly door: Door;
  /** The values of the organisation's secrets by name. */
  readonly secrets: (ctx: Ctx) => Promise<Readonly<Record<string, string>>>;
  /** The server's own API: calls to it are authenticated by themselves (workflows.md §3.2.3). */
  readonly own: {
    /** Under which it is known, such as `https://fairway.example.com`. */
    readonly origins: () => readonly string[];
    /** Where it really answers. */
    readonly address: () => string;
    readonly token: () => Promise<string>;
    /** Leads to `address` and nowhere else. */
    readonly door: Door;
  };
  /** Signs outgoing calls, and encrypts inputs of `aes256-gcm`: the client secret of the organisation. */
  readonly clientSecret: string;
  /** Whether somebody may approve of a run that they started. */
  readonly selfApproval: "allow" | "forbid";
  /** null: no broker is set. */
  readonly kafka: Broker | null;
  /** null: no mail server is set. */
  readonly mail: SendMail | null;
}
