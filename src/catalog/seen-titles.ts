/** Titles that an order may go by: an entity that may not be read is shown, and so ordered, by its identifier. */
import type { SortKey } from "../model/sort.ts";
import type { Ctx } from "../storage/context.ts";
import type { SeenTitles } from "../storage/search-sorted.ts";
import { getDefinition } from "./definitions.ts";
import { definitionsFor } from "./search-plan.ts";
import { visibleEntities } from "./search-visible.ts";
import { seenOf } from "./seen-entities.ts";

export async function seenTitles(ctx: Ctx, keys: readonly SortKey[]): Promise<SeenTitles> {
  const titles = new Map<string, Awaited<ReturnType<typeof seenOf>> | null>();
  const led = new Set(keys.flatMap(({ leadsTo }) => leadsTo?.blueprint ?? []));
  if (led.size === 0) return titles;
  for (const [blueprint, what] of await visibleEntities(ctx, [...led])) {
    if (what === "none") continue;
    if (what === "all") titles.set(blueprint, null);
    else {
      const { plan } = await getDefinition(ctx, blueprint);
      titles.set(blueprint, await seenOf(ctx, blueprint, what, await definitionsFor(ctx, plan, [what])));
    }
  }
  return titles;
}
