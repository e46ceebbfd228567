/** Connecting to Jira: Cloud by REST v3, Data Center by REST v2 (developer.atlassian.com: REST API references). */
import { invalid } from "../../model/error.ts";
import type { Session, Settings } from "../connector.ts";
import { createHttpClient } from "../http-client.ts";

const DAY_MS = 86_400_000;

/** @throws AppError `invalid_request` */
export function openJira(settings: Settings): Session {
  const { edition = "cloud", jql = "", lookbackDays = "730" } = settings;
  if (edition !== "cloud" && edition !== "data-center")
    throw invalid(
      `settings.edition ${JSON.stringify(edition.slice(0, 60))} is none of cloud and data-center`,
    );
  if (/\border\s+by\b/i.test(jql))
    throw invalid("settings.jql must not have ORDER BY: it only says which issues are read");
  if (!/^[1-9]\d{0,4}$/.test(lookbackDays))
    throw invalid("settings.lookbackDays must be a whole number from 1 to 99999");
  const { email, token = "" } = settings;
  const authorization =
    email === undefined
      ? `Bearer ${token}`
      : `Basic ${Buffer.from(`${email}:${token}`, "utf8").toString("base64")}`;
  return {
    settings,
    http: createHttpClient({
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

/** Issues that were made before this are left out (ms since 1970). */
export const oldestOf = (settings: Settings): number =>
  Date.now() - Number(settings["lookbackDays"] ?? 730) * DAY_MS;
