/** What the data model shows, as its address says it. */
import { type GraphSearch, pickGraphSearch } from "./graph-search.ts";

export type BuilderSearch = {
  readonly view?: "graph";
  /** The form of a new one is open. */
  readonly new?: "blueprint";
} & GraphSearch;

/** No view: the list. */
export function pickBuilderSearch(raw: Record<string, unknown>): BuilderSearch {
  return {
    ...(raw["view"] === "graph" ? { view: "graph", ...pickGraphSearch(raw) } : {}),
    ...(raw["new"] === "blueprint" ? { new: "blueprint" } : {}),
  };
}
