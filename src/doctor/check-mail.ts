import { greetMailServer } from "../automation/mailer.ts";
import { failed, type Finding, ok, reasonOf, warning } from "./finding.ts";

const LIMIT_MS = 8000;

/** Connects and says EHLO (and signs in, where the address holds a user); sends nothing. */
export async function checkMail(smtp: { readonly url: string } | null): Promise<Finding[]> {
  if (smtp === null)
    return [
      ok(
        "mail.server",
        "no mail server is set (FAIRWAY_SMTP_URL): invitations and links are shown, not sent",
      ),
    ];
  const { hostname, port, protocol, password } = new URL(smtp.url);
  const where = `the mail server ${hostname}${port === "" ? "" : `:${port}`}`;
  try {
    await greetMailServer(smtp.url, LIMIT_MS);
  } catch (error) {
    return [
      failed(
        "mail.server",
        `${where} does not want us: ${reasonOf(error)}`,
        "invitations, password resets, approvals, alerts and reports by e-mail are not sent",
        "correct FAIRWAY_SMTP_URL (host, port, user, password), or open the way to it in the firewall",
      ),
    ];
  }
  const isLocal = /^(localhost|127\.|\[::1\])/.test(hostname);
  if (password !== "" && protocol === "smtp:" && port !== "587" && !isLocal)
    return [
      warning(
        "mail.server",
        `${where} answers, and the password may go there unencrypted`,
        "whoever listens on the way has it, unless the server offers STARTTLS",
        "use smtps:// (465) or the port 587",
      ),
    ];
  return [ok("mail.server", `${where} answers`)];
}
