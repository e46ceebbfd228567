import { AppError } from "../../model/error.ts";
import type { FairwayInstance } from "../app-types.ts";

export interface SecurityTxtDeps {
  /** Addresses to report to (`mailto:…`, `https://…`), the preferred first; none: there is no such file. */
  readonly contacts: readonly string[];
  readonly policy: string | null;
  readonly publicUrl: () => string;
  readonly now: () => Date;
}

/** RFC 9116 recommends less than a year; the file is made when it is asked for, so it is never stale. */
const VALID_DAYS = 180;
const PATH = "/.well-known/security.txt";

/** Whom to tell of a weakness (RFC 9116). */
export function securityTxtRoutes(app: FairwayInstance, deps: SecurityTxtDeps): void {
  app.get(
    PATH,
    {
      config: { access: "public", contract: "fairway" },
      schema: { tags: ["System"], summary: "Whom to tell of a weakness (RFC 9116)", security: [] },
    },
    (_request, reply) => {
      if (deps.contacts.length === 0)
        throw new AppError("not_found", "nobody is named to report to (FAIRWAY_SECURITY_CONTACT)");
      const expires = new Date(deps.now().getTime() + VALID_DAYS * 86_400_000);
      expires.setUTCHours(0, 0, 0, 0);
      const lines = [
        ...deps.contacts.map((contact) => `Contact: ${contact}`),
        `Expires: ${expires.toISOString()}`,
        ...(deps.policy === null ? [] : [`Policy: ${deps.policy}`]),
        `Canonical: ${deps.publicUrl()}${PATH}`,
      ];
      return reply.type("text/plain; charset=utf-8").send(`${lines.join("\n")}\n`);
    },
  );
}
