/** Pages that were opened in this browser, the latest first. */

export interface Visit {
  /** Path only: filters and tabs of a visit are not what is looked for again. */
  readonly path: string;
  readonly title: string;
}

const KEY = "fairway-recent";
const KEPT = 12;

export function recentVisits(): Visit[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isVisit).slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

const isVisit = (value: unknown): value is Visit =>
  typeof value === "object" &&
  value !== null &&
  "path" in value &&
  typeof value.path === "string" &&
  value.path.startsWith("/") &&
  !value.path.startsWith("//") &&
  "title" in value &&
  typeof value.title === "string";

/** The visits with this one in front; the same page is there once. */
export const withVisit = (visits: readonly Visit[], visit: Visit): Visit[] =>
  [visit, ...visits.filter(({ path }) => path !== visit.path)].slice(0, KEPT);

export function noteVisit(visit: Visit): void {
  if (visit.path === "/" || visit.path === "/login" || visit.title === "") return;
  try {
    localStorage.setItem(KEY, JSON.stringify(withVisit(recentVisits(), visit)));
  } catch {
    // A full or forbidden storage costs the list of recent pages, nothing else.
  }
}

/** What somebody opened is not for the next one who signs in. */
export function forgetVisits(): void {
  localStorage.removeItem(KEY);
}
