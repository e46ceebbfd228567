import type { KeyRing } from "../../access/key-ring.ts";
import type { SessionRules } from "../../access/sessions.ts";
import type { Tokens } from "../../access/tokens.ts";
import type { SendMail } from "../../automation/mailer.ts";
import type { Ctx } from "../../storage/context.ts";
import type { Db } from "../../storage/db.ts";
import type { RouteDeps } from "../app-types.ts";
import type { SsoDeps } from "./sso-deps.ts";

/** What the routes of sign-in, users and their credentials need. */
export interface IdentityDeps extends RouteDeps {
  readonly db: Db;
  readonly org: string;
  readonly now: () => Date;
  /** FAIRWAY_SECRET_KEY: encrypts secrets, hashes client secrets. */
  readonly key: KeyRing;
  readonly tokens: Tokens;
  /** For what is done for people who are not signed in yet. */
  readonly system: Ctx;
  /** null: no e-mail is sent. */
  readonly mail: SendMail | null;
  readonly publicUrl: () => string;
  /** Whether passwords and links let this person in; with single sign-on they may be for one administrator only. */
  readonly mayUseLocal: (email: string) => boolean;
  /** Whether they let people in at all. */
  readonly isLocalOpen: boolean;
  /** Whether the configuration says so, and does not only leave it at that. */
  readonly isLocalWanted: boolean;
  /** The administrator of the configuration, who is always let in. */
  readonly keptAdmin: string;
  /** null: there is no single sign-on. */
  readonly sso: SsoDeps | null;
  readonly sessions: SessionRules;
  /** The cookie is marked Secure when people come by https. */
  readonly secureCookie: boolean;
}
