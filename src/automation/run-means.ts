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

export interface RunMeans {
  readonly door: Door;
  /** The values of the organisation's secrets by name. */
  readonly secrets: (ctx: Ctx) => Promise<Readonly<Record<string, string>>>;
  /** Signs outgoing calls, and encrypts inputs of `aes256-gcm`: the client secret of the organisation. */
  readonly clientSecret: string;
  /** null: no mail server is set. */
  readonly mail: SendMail | null;
}
