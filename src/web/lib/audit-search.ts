/** What the audit log shows, as short, stable keys in its address. */
import { pickTexts } from "./dora-search.ts";
import { isDay } from "./time-zone.ts";

const KEYS = [
  "tab",
  "blueprint",
  "entity",
  "run",
  "webhook",
  "delivery",
  "installation",
  "origin",
  "action",
  "actor",
  "actionType",
  "status",
  "system",
  "from",
  "to",
  "event",
] as const;
export type AuditSearch = Partial<Record<(typeof KEYS)[number], string>>;

/** Resources that one looks at together. No list: all of them. */
export const AUDIT_TABS = [
  { value: "all", label: "Everything", resources: [] },
  { value: "entities", label: "Entities", resources: ["entity"] },
  { value: "model", label: "Data model", resources: ["blueprint", "scorecard", "permissions"] },
  {
    value: "sources",
    label: "Data sources",
    resources: ["webhook", "integration", "data_source"],
  },
  { value: "actions", label: "Actions", resources: ["action", "run", "action_permissions"] },
  { value: "pages", label: "Pages", resources: ["page", "folder", "page_permissions"] },
  { value: "people", label: "Users and teams", resources: ["user", "team", "credentials", "app"] },
  { value: "settings", label: "Settings", resources: ["organization", "secret", "dora_settings", "backup"] },
] as const;
export type AuditTab = (typeof AUDIT_TABS)[number]["value"];

const ACTION_TYPES = ["self-service", "automation"];

/** Each filter is a text as it is in the address; absent: not filtered by. */
export type AuditFilters = Omit<AuditSearch, "tab" | "event">;

export interface AuditView {
  readonly tab: AuditTab;
  readonly filters: AuditFilters;
  /** The one whose details are open. */
  readonly event: string | null;
}

export function pickAuditSearch(raw: Readonly<Record<string, unknown>>): AuditSearch {
  return pickTexts(raw, KEYS);
}

/** What cannot be used is left out and named in `problems`. */
export function decodeAudit(search: AuditSearch): { view: AuditView; problems: string[] } {
  const problems: string[] = [];
  const { tab, event, ...filters } = search;
  const known = AUDIT_TABS.find(({ value }) => value === (tab ?? "all"));
  if (known === undefined) problems.push(`tab “${(tab ?? "").slice(0, 40)}” is not one of them`);
  const usable: AuditFilters = { ...filters };
  const drop = (key: keyof AuditFilters, rule: string): void => {
    const value = usable[key];
    if (value === undefined) return;
    problems.push(`${key} “${value.slice(0, 40)}” ${rule}`);
    delete usable[key];
  };
  for (const key of ["from", "to"] as const) if (!isDay(usable[key] ?? "2000-01-01")) drop(key, "is no date");
  if (!within(usable.action, ["CREATE", "UPDATE", "DELETE"]))
    drop("action", "is not CREATE, UPDATE or DELETE");
  if (!within(usable.status, ["SUCCESS", "FAILURE"])) drop("status", "is not SUCCESS or FAILURE");
  if (!within(usable.system, ["shown"])) drop("system", "is not shown");
  if (!within(usable.actionType, ACTION_TYPES)) drop("actionType", `is not ${ACTION_TYPES.join(" or ")}`);
  return { view: { tab: known?.value ?? "all", filters: usable, event: event ?? null }, problems };
}

export function encodeAudit({ tab, filters, event }: AuditView): AuditSearch {
  return {
    ...(tab === "all" ? {} : { tab }),
    ...pickAuditSearch(filters),
    ...(event === null ? {} : { event }),
  };
}

/** Whether the filters ask for what Fairway wrote by itself, or may: it is left out otherwise. */
export const isWithSystem = ({ system, actor, origin = "UI", actionType, run }: AuditFilters): boolean =>
  [system, actionType, run].some((one) => one !== undefined) ||
  origin !== "UI" ||
  (actor?.split(",").some((id) => id.startsWith("fairway")) ?? false);

const within = (text: string | undefined, allowed: readonly string[]): boolean =>
  text === undefined || text.split(",").every((one) => allowed.includes(one));
