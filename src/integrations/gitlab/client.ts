/** Connecting to GitLab: gitlab.com and self-managed, by REST v4. */
import type { Session, Settings } from "../connector.ts";
import { createHttpClient } from "../http-client.ts";
import type { Outbound } from "../outbound.ts";

export function openGitlab(settings: Settings, outbound: Outbound): Session {
  const baseUrl = `${(settings["baseUrl"] ?? "").replace(/\/+$/, "")}/api/v4`;
  const headers = { "private-token": settings["token"] ?? "" };
  return {
    settings,
    http: createHttpClient({
      outbound,
      ...{ baseUrl, system: "GitLab", resetHeader: "ratelimit-reset" },
      headers: () => Promise.resolve(headers),
      whenRefused:
        "Check that the token is valid, not expired, has the scope read_api and at least the role Reporter in the group.",
    }),
  };
}
