/** What a graph shows, as short, stable keys in its address. */

const KEYS = ["hops", "hide", "colour", "open", "fold", "node", "as"] as const;
/** The address as it is: known keys only. */
export type GraphSearch = Partial<Record<(typeof KEYS)[number], string>>;

export const MAX_HOPS = 6;
const MAX_LENGTH = 4000;

export interface GraphView {
  /** From the entity in the middle, in each direction. */
  readonly hops: number;
  /** Blueprints that are left out; null: those of the system. */
  readonly hide: readonly string[] | null;
  /** A property; null: the blueprint. */
  readonly colour: string | null;
  /** Nodes whose neighbours are shown too, and groups that are unfolded, by their keys. */
  readonly open: readonly string[];
  /** Many neighbours over one relation stand as one node. */
  readonly fold: boolean;
  /** The selected one. */
  readonly node: string | null;
  readonly asList: boolean;
}

/** Before anybody changed anything. */
export const FIRST_VIEW: GraphView = {
  hops: 1,
  hide: null,
  colour: null,
  open: [],
  fold: true,
  node: null,
  asList: false,
};

export function pickGraphSearch(raw: Record<string, unknown>): GraphSearch {
  const search: GraphSearch = {};
  for (const key of KEYS) {
    const value = raw[key];
    if (typeof value === "string" && value.length <= MAX_LENGTH) search[key] = value;
  }
  return search;
}

/** What cannot be used is as if it were not there. */
export function decodeGraph({ hops, hide, colour, open, fold, node, as }: GraphSearch): GraphView {
  const wanted = Number(hops);
  return {
    hops: Number.isInteger(wanted) && wanted >= 1 && wanted <= MAX_HOPS ? wanted : FIRST_VIEW.hops,
    hide: hide === undefined ? null : readList(hide),
    colour: colour || null,
    open: readList(open ?? ""),
    fold: fold !== "off",
    node: node || null,
    asList: as === "list",
  };
}

/** The shortest address of a view. */
export function encodeGraph(view: GraphView): GraphSearch {
  return {
    ...(view.hops === FIRST_VIEW.hops ? {} : { hops: String(view.hops) }),
    // An address has no empty values, and nothing hidden is not the same as the usual.
    ...(view.hide === null ? {} : { hide: view.hide.length === 0 ? "~" : writeList(view.hide) }),
    ...(view.colour === null ? {} : { colour: view.colour }),
    ...(view.open.length === 0 ? {} : { open: writeList(view.open) }),
    ...(view.fold ? {} : { fold: "off" }),
    ...(view.node === null ? {} : { node: view.node }),
    ...(view.asList ? { as: "list" } : {}),
  };
}

/** Identifiers may hold commas; in the address they are escaped. */
const readList = (text: string): string[] => [
  ...new Set(
    text
      .split(",")
      .filter((part) => part !== "" && part !== "~")
      .map(unescaped),
  ),
];
const writeList = (list: readonly string[]): string =>
  list.map((one) => one.replaceAll("%", "%25").replaceAll(",", "%2C")).join(",");
const unescaped = (text: string): string => text.replaceAll("%2C", ",").replaceAll("%25", "%");
