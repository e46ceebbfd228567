/** What the palette offers, and what a text leaves of it. */

export type ItemKind =
  | "recent"
  | "page"
  | "action"
  | "entity"
  | "blueprint"
  | "source"
  | "scorecard"
  | "settings"
  | "command";

export interface Item {
  /** Unlike those of all others. */
  readonly key: string;
  readonly kind: ItemKind;
  readonly title: string;
  /** Said beside the title: what it is of, or its identifier. */
  readonly hint?: string;
  /** Further words that find it. */
  readonly words?: string;
  /** Name of an icon of a document. */
  readonly icon?: string | null;
  /** An address of this application, or what is to be done. */
  readonly go: string | (() => void);
}

export interface Section {
  readonly title: string;
  readonly items: readonly Item[];
}

const TITLES: Readonly<Record<ItemKind, string>> = {
  recent: "Recent",
  page: "Pages",
  action: "Actions",
  entity: "Entities",
  blueprint: "Blueprints",
  source: "Data sources",
  scorecard: "Scorecards",
  settings: "Settings",
  command: "Commands",
};

const ORDER: readonly ItemKind[] = [
  "recent",
  "page",
  "action",
  "entity",
  "blueprint",
  "scorecard",
  "source",
  "settings",
  "command",
];

/** What is shown of a kind while something is looked for. */
const SHOWN: Readonly<Partial<Record<ItemKind, number>>> = { entity: 20 };
const SHOWN_OTHERS = 6;
const SHOWN_UNASKED = 14;

/** What is offered before anything is typed: where people go and what they may do, nothing of the administration. */
const UNASKED: readonly ItemKind[] = ["recent", "page", "action", "command"];

/** Lower is better; null: it does not match. Every word must be in the title, the hint or the further words. */
export function rankOf({ title, hint = "", words = "" }: Item, text: string): number | null {
  const wanted = text.trim().toLocaleLowerCase();
  const name = title.toLocaleLowerCase();
  const all = `${name} ${hint.toLocaleLowerCase()} ${words.toLocaleLowerCase()}`;
  const each = wanted.split(/\s+/);
  if (!each.every((word) => all.includes(word))) return null;
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(` ${wanted}`)) return 2;
  return each.every((word) => name.includes(word)) ? 3 : 4;
}

/**
 * Items by kind, the best first. Entities were found by the server and keep its order.
 * @param found entities
 */
export function sectionsOf(items: readonly Item[], found: readonly Item[], text: string): Section[] {
  const isSearch = text.trim() !== "";
  return ORDER.flatMap((kind) => {
    const own = kind === "entity" ? found : items.filter((item) => item.kind === kind);
    const shown = isSearch
      ? kind === "entity"
        ? own
        : kind === "recent"
          ? []
          : best(own, text)
      : UNASKED.includes(kind)
        ? own
        : [];
    const limit = SHOWN[kind] ?? (isSearch || kind === "recent" ? SHOWN_OTHERS : SHOWN_UNASKED);
    const section = { title: TITLES[kind], items: shown.slice(0, limit) };
    return section.items.length === 0 ? [] : [section];
  });
}

const best = (items: readonly Item[], text: string): Item[] =>
  items
    .flatMap((item) => {
      const rank = rankOf(item, text);
      return rank === null ? [] : [{ item, rank }];
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
