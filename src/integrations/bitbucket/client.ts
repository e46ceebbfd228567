/** Connecting to Bitbucket Cloud, by REST 2.0. */
import type { Session, Settings } from "../connector.ts";
import { createHttpClient } from "../http-client.ts";
import type { Outbound } from "../outbound.ts";

/** Access tokens are bearers; an API token needs the address of its account. */
export function openBitbucket(settings: Settings, outbound: Outbound): Session {
  const { token = "", email = "" } = settings;
  const authorization =
    email === "" ? `Bearer ${token}` : `Basic ${Buffer.from(`${email}:${token}`).toString("base64")}`;
  return {
    settings,
    http: createHttpClient({
      outbound,
      baseUrl: (settings["apiUrl"] ?? "").replace(/\/+$/, ""),
      ...{ system: "Bitbucket", headers: () => Promise.resolve({ authorization }) },
      whenRefused:
        "Check that the token is valid, not expired, of this workspace, may read repositories, pull requests and pipelines, and that an API token came with the e-mail address of its account.",
    }),
  };
}
