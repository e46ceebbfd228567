/** Where every screen of the router is on the demo data; `test/web/features.test.ts` fails for one that is missing. */
import { readFileSync } from "node:fs";

/** Paths of the router, those of the settings in full; without the one for every address that is none. */
export function routerPaths(): string[] {
  const text = readFileSync(new URL("../../../src/web/app/router.tsx", import.meta.url), "utf8");
  return [...text.matchAll(/getParentRoute: \(\) => (\w+),\s*path: "([^"]+)"/g)]
    .map(([, parent, path = ""]) => (parent === "settingsRoute" ? `/settings${path}` : path))
    .filter((path) => !["/settings/", "/settings", "$"].includes(path));
}

export interface ScreenIds {
  readonly run: string;
  readonly webhook: string;
  readonly source: string;
}

/** Where each of them is on the demo data. */
export const SCREENS: Readonly<Record<string, (ids: ScreenIds) => string>> = {
  "/": () => "/",
  "/login": () => "/login",
  "/import": () => "/import",
  "/connect": () => "/connect",
  "/dora": () => "/dora?by=domain",
  "/dora/compare": () => "/dora/compare",
  "/dora/incidents": () => "/dora/incidents",
  "/dora/definition": () => "/dora/definition",
  "/dora/deployments/$id": () => "/dora/deployments/walked-and-failed",
  "/c/$blueprint": () => "/c/service?t=url:filled",
  "/c/$blueprint/$id": () => "/c/service/ledger-api",
  "/d/$page": () => "/d/dora_dashboard",
  "/builder": () => "/builder",
  "/builder/$blueprint": () => "/builder/service",
  "/scorecards": () => "/scorecards",
  "/scorecards/$blueprint/$id": () => "/scorecards/service/described",
  "/initiatives": () => "/initiatives",
  "/initiatives/$id": () => "/initiatives/named",
  "/sources": () => "/sources",
  "/sources/new/$type": () => "/sources/new/github",
  "/sources/$id": ({ source }) => `/sources/${source}`,
  "/sources/webhooks/new/$template": () => "/sources/webhooks/new/github",
  "/sources/webhooks/$identifier": ({ webhook }) => `/sources/webhooks/${webhook}`,
  "/self-serve": () => "/self-serve",
  "/runs": () => "/runs",
  "/runs/$run": ({ run }) => `/runs/${run}`,
  "/approvals": () => "/approvals",
  "/automations": () => "/automations",
  "/settings/account": () => "/settings/account",
  "/settings/users": () => "/settings/users",
  "/settings/teams": () => "/settings/teams",
  "/settings/service-accounts": () => "/settings/service-accounts",
  "/settings/credentials": () => "/settings/credentials",
  "/settings/secrets": () => "/settings/secrets",
  "/settings/organization": () => "/settings/organization",
  "/audit": () => "/audit",
};
