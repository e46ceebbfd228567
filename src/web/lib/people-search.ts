/** What the lists of the settings show, as their addresses say it. */

export interface PeopleSearch {
  /** Looked for. */
  readonly q?: string;
  /** A status; without it all. */
  readonly status?: string;
  /** What is open: `invite`, `new`, or the name of a row. */
  readonly open?: string;
}

export function pickPeopleSearch(raw: Record<string, unknown>): PeopleSearch {
  const text = (key: string): Record<string, string> => {
    const value = raw[key];
    return typeof value === "string" && value !== "" && value.length <= 500 ? { [key]: value } : {};
  };
  return { ...text("q"), ...text("status"), ...text("open") };
}

/** The same with some of it changed; what is empty or undefined goes. */
export const withPeople = (
  before: PeopleSearch,
  change: { readonly [Key in keyof PeopleSearch]?: string | undefined },
): PeopleSearch => pickPeopleSearch({ ...before, ...change });

/** Whether every word of the text is in one of the others. */
export function holds(text: string, ...others: readonly string[]): boolean {
  const all = others.join(" ").toLocaleLowerCase();
  return text
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
