/** The options of “Who”: lists from several places, and the id that is typed. */
import type { ComboboxItem, ComboboxItemGroup } from "@mantine/core";

export type WhoGroup = ComboboxItemGroup<ComboboxItem>;

const PEOPLE = "People";
const TYPED = "Not in these lists";

interface WhoLists {
  readonly people: readonly ComboboxItem[];
  readonly credentials: readonly ComboboxItem[];
  readonly sources: readonly ComboboxItem[];
  readonly chosen: readonly ComboboxItem[];
  /** Of somebody or something that is gone, perhaps. */
  readonly typed: string;
}

/** Of each value the first: a source may have the id of credentials, and a field throws at a second one. */
export function whoGroups({ people, credentials, sources, chosen, typed }: WhoLists): WhoGroup[] {
  const id = typed.trim();
  // Several are written with commas in the address.
  const other = id === "" || id.includes(",") ? [] : [{ value: id, label: `Id “${id}”` }];
  const taken = new Set<string>();
  const groups: [string, readonly ComboboxItem[]][] = [
    [PEOPLE, people],
    ["API credentials", credentials],
    ["Data sources", sources],
    ["Chosen", chosen],
    [TYPED, other],
  ];
  return groups.flatMap(([group, all]) => {
    const items = all.filter(({ value }) => !taken.has(value) && taken.add(value));
    return items.length === 0 ? [] : [{ group, items }];
  });
}

/** What matches by name or id, and the id that is typed. People are what the server found. */
export function whoMatches(groups: readonly WhoGroup[], search: string): WhoGroup[] {
  const wanted = search.trim().toLowerCase();
  return groups.flatMap((one) => {
    if (one.group === PEOPLE || one.group === TYPED) return [one];
    const items = one.items.filter(({ label, value }) =>
      [label, value].some((text) => text.toLowerCase().includes(wanted)),
    );
    return items.length === 0 ? [] : [{ ...one, items }];
  });
}
