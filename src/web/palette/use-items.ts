import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";
import { actionsQuery } from "../actions/queries.ts";
import { titleOfAction } from "../actions/types.ts";
import { meQuery } from "../api/queries.ts";
import { useMayOpen } from "../api/use-role.ts";
import { organizationQuery } from "../app/organization-query.ts";
import { shownItems, sidebarQuery } from "../app/sidebar-query.ts";
import { addressOf, pathOf } from "../app/sidebar-tree.ts";
import { isSystem, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { scorecardsQuery } from "../scorecards/queries.ts";
import { SETTINGS } from "../settings/areas.ts";
import { sourcesQuery } from "../sources/queries.ts";
import { webhooksQuery } from "../webhooks/queries.ts";
import type { Item } from "./items.ts";
import { recentVisits } from "./recent.ts";

interface Found {
  readonly blueprint: string;
  readonly blueprintTitle: string;
  readonly icon: string | null;
  readonly identifier: string;
  readonly title: string | null;
}

const findQuery = (text: string) =>
  queryOptions({
    queryKey: ["entities", "find", text],
    queryFn: ({ signal }) =>
      getJson<{ entities: Found[]; isComplete: boolean }>("/v1/entities/find", { text, limit: 20 }, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });

type Page = readonly [title: string, path: string, words: string];

/** Where most people go, then the catalog; the others come after it. */
const FIRST_PAGES: readonly Page[] = [
  ["Home", "/", "start"],
  ["DORA metrics", "/dora", "deployment frequency lead time change failure recovery"],
  ["Scorecards", "/scorecards", "levels rules"],
  ["Self-service", "/self-serve", "run action form"],
];
const PAGES: readonly Page[] = [
  ["DORA incidents", "/dora/incidents", "mttr recovery review"],
  ["DORA definition", "/dora/definition", "settings what if roles failures metrics"],
  ["Initiatives", "/initiatives", "scorecards goals due burn-down"],
  ["Action runs", "/runs", "history logs"],
  ["Approvals", "/approvals", "actions waiting"],
  ["Automations", "/automations", "triggers schedules"],
  ["Audit log", "/audit", "changes history who"],
  ["Data model", "/builder", "blueprints builder"],
  ["Data sources", "/sources", "integrations webhooks connectors"],
  ["Import from git", "/import", "repository"],
  ["Send deployments", "/connect", "api pipelines connect"],
];

const itemOf = ([title, path, words]: Page): Item => ({
  key: `page ${path}`,
  kind: "page",
  title,
  words,
  go: path,
});

const at = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join("/");

/** Everything that can be gone to, entities excepted; what is not loaded yet comes when it is. */
export function useItems(): readonly Item[] {
  const { data: sidebar = [] } = useQuery(sidebarQuery);
  const { data: blueprints = [] } = useQuery(allBlueprintsQuery);
  const { data: scorecards = [] } = useQuery({ ...scorecardsQuery, staleTime: 60_000, retry: false });
  const { data: actions = [] } = useQuery({
    ...actionsQuery("self-service"),
    staleTime: 60_000,
    retry: false,
  });
  const { data: organization } = useQuery(organizationQuery);
  const { data: me } = useQuery(meQuery);
  const mayOpen = useMayOpen();
  const isAdmin = me?.user.role === "Admin";
  const ofAdmin = { staleTime: 60_000, retry: false, enabled: isAdmin, refetchInterval: false } as const;
  const { data: sources = [] } = useQuery({ ...sourcesQuery, ...ofAdmin });
  const { data: webhooks = [] } = useQuery({ ...webhooksQuery, ...ofAdmin });
  return [
    ...recentVisits()
      .filter(({ path }) => path !== location.pathname)
      .map(({ path, title }): Item => {
        const hint = hintOf(path);
        return { key: `recent ${path}`, kind: "recent", title, ...(hint && { hint }), go: path };
      }),
    ...FIRST_PAGES.map(itemOf),
    ...shownItems(sidebar, organization?.settings.hiddenBlueprints)
      .filter((item) => item.sidebarType === "page" && !item.blueprint?.startsWith("_"))
      .map((item): Item => {
        return {
          key: `page ${item.identifier}`,
          kind: "page",
          title: item.title,
          hint: item.type === "dashboard" ? "Dashboard" : "Catalog",
          icon: item.icon ?? null,
          go: pathOf(addressOf(item, sidebar)),
        };
      }),
    ...PAGES.filter(([, path]) => mayOpen(path)).map(itemOf),
    ...actions
      .filter(({ publish }) => publish !== false)
      .map((action): Item => ({
        key: `action ${action.identifier}`,
        kind: "action",
        title: titleOfAction(action),
        ...(action.trigger.blueprintIdentifier && { hint: action.trigger.blueprintIdentifier }),
        words: "run",
        icon: action.icon ?? null,
        go: `/self-serve?action=${encodeURIComponent(action.identifier)}`,
      })),
    ...blueprints.map((blueprint): Item => ({
      key: `blueprint ${blueprint.identifier}`,
      kind: "blueprint",
      title: titleOf(blueprint),
      hint: isSystem(blueprint.identifier) ? `${blueprint.identifier}, of the system` : blueprint.identifier,
      icon: blueprint.icon ?? null,
      go: `/builder/${at(blueprint.identifier)}`,
    })),
    ...scorecards.map((scorecard): Item => ({
      key: `scorecard ${scorecard.blueprint} ${scorecard.identifier}`,
      kind: "scorecard",
      title: scorecard.title || scorecard.identifier,
      hint: scorecard.blueprint,
      go: `/scorecards/${at(scorecard.blueprint)}/${at(scorecard.identifier)}`,
    })),
    ...sources.map((source): Item => ({
      key: `source ${source.id}`,
      kind: "source",
      title: source.title,
      hint: source.type,
      go: `/sources/${at(source.id)}`,
    })),
    ...webhooks.map((webhook): Item => ({
      key: `webhook ${webhook.identifier}`,
      kind: "source",
      title: webhook.title,
      hint: "webhook",
      go: `/sources/webhooks/${at(webhook.identifier)}`,
    })),
    ...SETTINGS.filter((area) => isAdmin || !area.isAdministration).map((area): Item => ({
      key: `settings ${area.to}`,
      kind: "settings",
      title: area.label,
      words: `settings ${area.words}`,
      go: area.to,
    })),
  ];
}

/** What a path is of, as the address names it. */
function hintOf(path: string): string | null {
  const [, area = "", first = "", second] = path.split("/");
  if (area === "c" && second !== undefined) return decodeURIComponent(first);
  if (area === "d") return "Dashboard";
  return area === "builder" ? "Blueprint" : null;
}

export interface FoundItems {
  readonly items: readonly Item[];
  readonly error: Error | null;
  /** False: only names that begin so, as there are too many to look at each. */
  readonly isComplete: boolean;
  /** An answer is on its way. */
  readonly isBusy: boolean;
}

/** Entities that a text finds, in one request. */
export function useFoundItems(text: string): FoundItems {
  const isAsked = text.trim() !== "";
  const found = useQuery({ ...findQuery(text.trim()), enabled: isAsked });
  const items = (isAsked ? (found.data?.entities ?? []) : []).map((one): Item => ({
    key: `entity ${one.blueprint} ${one.identifier}`,
    kind: "entity",
    title: one.title || one.identifier,
    hint: `${one.blueprintTitle} · ${one.identifier}`,
    icon: one.icon,
    go: `/c/${at(one.blueprint)}/${at(one.identifier)}`,
  }));
  return {
    items,
    error: isAsked ? found.error : null,
    isComplete: !isAsked || found.data?.isComplete !== false,
    isBusy: isAsked && found.isFetching,
  };
}
