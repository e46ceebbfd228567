/** `fairway sign-in-link`: for who cannot get in any more. */
import { exitCode, type ExitCode } from "../cli-error.ts";
import type { ApiClient } from "../client.ts";
import type { Output } from "./dora.ts";

/** Prints an address that signs somebody in once, within a day; earlier ones end. */
export async function signInLinkCommand(client: ApiClient, email: string, output: Output): Promise<ExitCode> {
  const { signInUrl } = await client.post(`/v1/users/${encodeURIComponent(email)}/sign-in-link`, {});
  output.write(output.json ? JSON.stringify({ ok: true, signInUrl }) : String(signInUrl));
  return exitCode.ok;
}
