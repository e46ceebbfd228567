/** Requests to the addresses of DevLake's webhooks, which end in a webhook data source as all others do. */
import { AppError, invalid } from "../model/error.ts";
import { webhooksNamed } from "../storage/webhooks.ts";
import { checkDevlakeBody, readDevlakePath } from "./devlake-request.ts";
import type { IncomingRequest, Receipt, ReceiveDeps } from "./receive.ts";
import { signatureFlaw } from "./signature.ts";
import { signatureRule } from "./webhook-definition.ts";
import { RECEIVED_AT } from "./webhook-templates/devlake.ts";
import { vaultName } from "./webhooks.ts";

export interface DevlakeRequest extends Omit<IncomingRequest, "key"> {
  /** What follows `plugins/webhook/`, decoded. */
  readonly path: string;
}

/**
 * The connection `1` is the webhook `devlake-1`, or one that is called as the connection is. Their names are no secret, as
 * keys are, so only webhooks that check a secret can be reached so.
 * @returns what takes requests. It throws AppError not_found, unauthorized, invalid_json, invalid_request, rate_limited
 */
export function createDevlakeReceiver(
  { db, vault, now, parse }: Pick<ReceiveDeps, "db" | "vault" | "now" | "parse">,
  receive: (request: IncomingRequest) => Promise<Receipt>,
): (request: DevlakeRequest) => Promise<Receipt> {
  return async ({ path, raw, headers, query }) => {
    const { connection, isName, kind, issueKey } = readDevlakePath(path);
    const rows = await webhooksNamed(db, [`devlake-${connection}`, connection]);
    if (rows.length === 0)
      throw new AppError(
        "not_found",
        `there is no webhook devlake-${connection.slice(0, 30)}: create one from the template devlake`,
      );
    let reason = "the webhook has no secret, without which it cannot be sent to by its name";
    const hook = rows.find(({ identifier, document, secret }) => {
      const rule =
        secret === null ? null : signatureRule(document, vault.open(vaultName(identifier), secret));
      if (rule === null) return false;
      const flaw = signatureFlaw(rule, raw, headers);
      reason = flaw ?? reason;
      return flaw === null;
    });
    if (hook === undefined) throw new AppError("unauthorized", reason);
    const text = new TextDecoder().decode(raw);
    if (kind !== "close") checkDevlakeBody(kind, parse(text));
    for (const name of ["devlake", "connectionName", "issueKey"])
      if (Object.hasOwn(query, name)) throw invalid(`${name} is no parameter of this address`);
    return receive({
      key: hook.key,
      raw: kind === "close" ? new TextEncoder().encode("{}") : raw,
      // Beside what says that two requests are the same one.
      headers: { ...headers, [RECEIVED_AT]: now().toISOString() },
      query: {
        ...query,
        devlake: kind,
        ...(isName && { connectionName: connection }),
        ...(issueKey !== null && { issueKey }),
      },
    });
  };
}
