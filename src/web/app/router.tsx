import type { QueryClient } from "@tanstack/react-query";
import {
  type AnyRoute,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ApiError } from "../api/client.ts";
import { meQuery } from "../api/queries.ts";
import { pickBlueprintSearch } from "../lib/blueprint-search.ts";
import { pickAutomationsSearch, pickHubSearch, pickRunsSearch } from "../lib/action-search.ts";
import { pickCatalogSearch } from "../lib/catalog-address.ts";
import { pickAuditSearch } from "../lib/audit-search.ts";
import { pickBuilderSearch } from "../lib/builder-search.ts";
import { pickEntitySearch } from "../lib/entity-tabs.ts";
import { pickDashboardSearch } from "../lib/dashboard-search.ts";
import { pickCompareSearch } from "../lib/compare-search.ts";
import { pickDeploymentSearch } from "../lib/deployment-search.ts";
import { pickEventSearch } from "../lib/event-search.ts";
import { pickDoraSearch } from "../lib/dora-search.ts";
import { pickIncidentSearch } from "../lib/incident-search.ts";
import { pickPeopleSearch } from "../lib/people-search.ts";
import { parseSearch, stringifySearch } from "../lib/search-text.ts";
import { CrashPage } from "../parts/crash-page.tsx";
import { organizationQuery } from "./organization-query.ts";
import { Shell } from "./shell.tsx";
import { sidebarQuery } from "./sidebar-query.ts";

/** Few addresses are none: what they show is no part of what every page begins with. */
const NotFoundLater = lazy(() =>
  import("../parts/not-found.tsx").then((module) => ({ default: module.NotFound })),
);
const NotFound = () => (
  <Suspense>
    <NotFoundLater />
  </Suspense>
);

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  errorComponent: (props) => (
    <main>
      <CrashPage {...props} />
    </main>
  ),
  notFoundComponent: NotFound,
});

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

interface LoginSearch {
  token?: string;
  password?: string;
  next?: string;
  /** Why signing in by the provider did not work. */
  sso?: string;
}

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: (raw: Record<string, unknown>): LoginSearch => {
    const token = text(raw["token"]);
    const password = text(raw["password"]);
    const next = text(raw["next"]);
    const sso = text(raw["sso"]);
    return {
      ...(token ? { token } : {}),
      ...(password ? { password } : {}),
      ...(next ? { next } : {}),
      ...(sso ? { sso } : {}),
    };
  },
  component: lazyRouteComponent(() => import("../pages/login-page.tsx"), "LoginPage"),
});

/** Everything behind the sign-in. */
const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ context, location }) => {
    const { queryClient } = context;
    // What the frame needs comes while the page's own code does, and not when that is drawn.
    void import("./catalog-nav.tsx").catch(() => null);
    try {
      const me = await queryClient.ensureQueryData(meQuery);
      for (const query of [
        queryClient.ensureQueryData(organizationQuery),
        queryClient.ensureQueryData(sidebarQuery),
      ])
        void query.catch(() => null);
      if (me.mustSetUpSecondFactor === true)
        redirect({ to: "/login", search: { next: location.href }, replace: true, throw: true });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      redirect({
        to: "/login",
        search: location.href === "/" ? {} : { next: location.href },
        throw: true,
      });
    }
  },
  component: Shell,
});

const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/home-page.tsx"), "HomePage"),
});

const importRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/import",
  component: lazyRouteComponent(() => import("../pages/import-page.tsx"), "ImportPage"),
});

const connectRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/connect",
  component: lazyRouteComponent(() => import("../pages/connect-page.tsx"), "ConnectPage"),
});

const doraRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/dora",
  validateSearch: pickDoraSearch,
  component: lazyRouteComponent(() => import("../pages/dora-page.tsx"), "DoraPage"),
});

const incidentsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/dora/incidents",
  validateSearch: pickIncidentSearch,
  component: lazyRouteComponent(() => import("../pages/incidents-page.tsx"), "IncidentsPage"),
});

const compareRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/dora/compare",
  validateSearch: pickCompareSearch,
  component: lazyRouteComponent(() => import("../pages/compare-page.tsx"), "ComparePage"),
});

const definitionRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/dora/definition",
  component: lazyRouteComponent(() => import("../pages/definition-page.tsx"), "DefinitionPage"),
});

const deploymentRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/dora/deployments/$id",
  validateSearch: pickDeploymentSearch,
  component: lazyRouteComponent(() => import("../pages/deployment-page.tsx"), "DeploymentPage"),
});

const catalogRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/c/$blueprint",
  validateSearch: pickCatalogSearch,
  component: lazyRouteComponent(() => import("../pages/catalog-page.tsx"), "CatalogPage"),
});

const entityRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/c/$blueprint/$id",
  validateSearch: pickEntitySearch,
  component: lazyRouteComponent(() => import("../pages/entity-page.tsx"), "EntityPage"),
});

const dashboardRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/d/$page",
  validateSearch: pickDashboardSearch,
  component: lazyRouteComponent(() => import("../pages/dashboard-page.tsx"), "DashboardPage"),
});

const builderRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/builder",
  validateSearch: pickBuilderSearch,
  component: lazyRouteComponent(() => import("../pages/builder-page.tsx"), "BuilderPage"),
});

const blueprintRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/builder/$blueprint",
  validateSearch: pickBlueprintSearch,
  component: lazyRouteComponent(() => import("../pages/blueprint-page.tsx"), "BlueprintPage"),
});

const scorecardsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/scorecards",
  component: lazyRouteComponent(() => import("../pages/scorecards-page.tsx"), "ScorecardsPage"),
});

const scorecardRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/scorecards/$blueprint/$id",
  component: lazyRouteComponent(() => import("../pages/scorecard-page.tsx"), "ScorecardPage"),
});

const initiativesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/initiatives",
  component: lazyRouteComponent(() => import("../pages/initiatives-page.tsx"), "InitiativesPage"),
});

const initiativeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/initiatives/$id",
  component: lazyRouteComponent(() => import("../pages/initiative-page.tsx"), "InitiativePage"),
});

const sourcesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/sources",
  component: lazyRouteComponent(() => import("../pages/sources-page.tsx"), "SourcesPage"),
});

const newSourceRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/sources/new/$type",
  component: lazyRouteComponent(() => import("../pages/new-source-page.tsx"), "NewSourcePage"),
});

const sourceRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/sources/$id",
  validateSearch: pickEventSearch,
  component: lazyRouteComponent(() => import("../pages/source-page.tsx"), "SourcePage"),
});

const newWebhookRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/sources/webhooks/new/$template",
  component: lazyRouteComponent(() => import("../pages/new-webhook-page.tsx"), "NewWebhookPage"),
});

const webhookRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/sources/webhooks/$identifier",
  validateSearch: pickEventSearch,
  component: lazyRouteComponent(() => import("../pages/webhook-page.tsx"), "WebhookPage"),
});

const selfServeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/self-serve",
  validateSearch: pickHubSearch,
  component: lazyRouteComponent(() => import("../pages/self-serve-page.tsx"), "SelfServePage"),
});

const runsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/runs",
  validateSearch: pickRunsSearch,
  component: lazyRouteComponent(() => import("../pages/runs-page.tsx"), "RunsPage"),
});

const runRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/runs/$run",
  component: lazyRouteComponent(() => import("../pages/run-page.tsx"), "RunPage"),
});

const approvalsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/approvals",
  component: lazyRouteComponent(() => import("../pages/approvals-page.tsx"), "ApprovalsPage"),
});

const automationsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/automations",
  validateSearch: pickAutomationsSearch,
  component: lazyRouteComponent(() => import("../pages/automations-page.tsx"), "AutomationsPage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("../pages/settings-page.tsx"), "SettingsPage"),
});

const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  beforeLoad: () => redirect({ to: "/settings/users", replace: true, throw: true }),
});

const accountRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/account",
  component: lazyRouteComponent(() => import("../pages/account-page.tsx"), "AccountPage"),
});

const usersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/users",
  validateSearch: pickPeopleSearch,
  component: lazyRouteComponent(() => import("../pages/users-page.tsx"), "UsersPage"),
});

const teamsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/teams",
  validateSearch: pickPeopleSearch,
  component: lazyRouteComponent(() => import("../pages/teams-page.tsx"), "TeamsPage"),
});

const serviceAccountsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/service-accounts",
  component: lazyRouteComponent(() => import("../pages/service-accounts-page.tsx"), "ServiceAccountsPage"),
});

const credentialsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/credentials",
  component: lazyRouteComponent(() => import("../pages/credentials-page.tsx"), "CredentialsPage"),
});

const secretsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/secrets",
  component: lazyRouteComponent(() => import("../pages/secrets-page.tsx"), "SecretsPage"),
});

const organizationRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/organization",
  component: lazyRouteComponent(() => import("../pages/organization-page.tsx"), "OrganizationPage"),
});

const auditRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/audit",
  validateSearch: pickAuditSearch,
  component: lazyRouteComponent(() => import("../pages/audit-page.tsx"), "AuditPage"),
});

/** Within the frame, so that the way on is there. */
const nowhereRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "$",
  component: lazyRouteComponent(() => import("../parts/not-found.tsx"), "NothingHere"),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  appRoute.addChildren([
    homeRoute,
    importRoute,
    connectRoute,
    doraRoute,
    incidentsRoute,
    compareRoute,
    definitionRoute,
    deploymentRoute,
    catalogRoute,
    entityRoute,
    dashboardRoute,
    builderRoute,
    blueprintRoute,
    scorecardsRoute,
    scorecardRoute,
    initiativesRoute,
    initiativeRoute,
    sourcesRoute,
    newSourceRoute,
    sourceRoute,
    newWebhookRoute,
    webhookRoute,
    selfServeRoute,
    runsRoute,
    runRoute,
    approvalsRoute,
    automationsRoute,
    settingsRoute.addChildren([
      settingsIndexRoute,
      accountRoute,
      usersRoute,
      teamsRoute,
      serviceAccountsRoute,
      credentialsRoute,
      secretsRoute,
      organizationRoute,
    ]),
    auditRoute,
    nowhereRoute,
  ]),
]);

export function makeRouter(queryClient: QueryClient) {
  const router = createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultErrorComponent: CrashPage,
    defaultNotFoundComponent: NotFound,
  });
  // The first page's code comes while it is asked who is there, not after that.
  const routes: Readonly<Record<string, AnyRoute | undefined>> = router.routesById;
  for (const { routeId } of router.matchRoutes(router.latestLocation)) {
    const component = routes[String(routeId)]?.options.component;
    void component?.preload?.();
  }
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
