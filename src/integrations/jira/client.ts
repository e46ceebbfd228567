/** Connecting to Jira: Cloud by REST v3, Data Center by REST v2 (developer.atlassian.com: REST API references). */
import { invalid } from "../../model/error.ts";
import type { Session, Settings } from "../connector.ts";
import { createHttpClient } from "../http-client.ts";
import type { Outbound } from "../outbound.ts";
import { checkLookback } from "../lookback.ts";

/** @throws AppError `invalid_request` */
export function openJira(settings: Settings, outbound: Outbound): Session {
  const { edition = "cloud", jql = "" } = settings;
  if (edition !== "cloud" && edition !== "data-center")
    throw invalid(
      `settings.edition ${JSON.stringify(edition.slice(0, 60))} is none of cloud and data-center`,
    );
  if (/\border\s+by\b/i.test(jql))
    throw invalid("settings.jql must not have ORDER BY: it only says which issues are read");
  checkLookback(settings);
  const { email, token = "" } = settings;
  const authorization =
    email === undefined
      ? `Bearer ${token}`
      : `Basic ${Buffer.from(`${email}:${token}`, "utf8").toString("base64")}`;
  return {
    settings,
    http: createHttpClient({
      outbound,
      ...{ baseUrl: siteOf(settings), system: "Jira" },
      headers: () => Promise.resolve({ authorization }),
      whenRefused:
        "Check e-mail and API token (Cloud) or the personal access token (Data Center, without an e-mail), and that the account may browse the projects.",
    }),
  };
}

/** Address of the site, without a slash at its end. */
export const siteOf = (settings: Settings): string => (settings["baseUrl"] ?? "").replace(/\/+$/, "");

export const isCloud = (settings: Settings): boolean => settings["edition"] !== "data-center";

export const apiOf = (settings: Settings): string => (isCloud(settings) ? "/rest/api/3" : "/rest/api/2");
