/** Connecting to Azure DevOps: Services (dev.azure.com) and Server, by REST 7.1. */
import type { Session, Settings } from "../connector.ts";
import { createHttpClient, type HttpClient } from "../http-client.ts";
import type { Outbound } from "../outbound.ts";

const trimmed = (settings: Settings): string => (settings["organizationUrl"] ?? "").replace(/\/+$/, "");

export function openAzure(settings: Settings, outbound: Outbound): Session {
  const authorization = `Basic ${Buffer.from(`:${settings["token"] ?? ""}`).toString("base64")}`;
  // Else a token that is no longer valid is answered with the page to sign in.
  const headers = { authorization, "x-tfs-fedauthredirect": "Suppress" };
  return {
    settings,
    http: createHttpClient({
      ...{ outbound, baseUrl: trimmed(settings), system: "Azure DevOps" },
      headers: () => Promise.resolve(headers),
      whenRefused:
        "Check that the personal access token is valid, not expired, of this organisation, and may read Code, Build, Release, Environment, and Project and Team.",
    }),
  };
}

/** Classic releases live on a server of their own, except in Azure DevOps Server. */
export const releaseClient = ({ http, settings }: Session): HttpClient =>
  http.at(releaseUrl(trimmed(settings)));

/** `https://vsrm.dev.azure.com/acme`, `https://acme.vsrm.visualstudio.com`, else the same address. */
export function releaseUrl(organizationUrl: string): string {
  return organizationUrl
    .replace(/^(https?:\/\/)(dev\.azure\.com)(?=\/|$)/i, "$1vsrm.$2")
    .replace(/^(https?:\/\/[^./]+)(\.visualstudio\.com)(?=\/|$)/i, "$1.vsrm$2");
}
