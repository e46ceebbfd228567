/** The permissions of whoever asks (data-model.md §8.5) for answers made of derived facts: DORA metrics and evidence. */
import type { Sight } from "../model/sight.ts";
import type { Ctx } from "../storage/context.ts";
import { restricted } from "./guard.ts";
import { readableKeys } from "./readable-keys.ts";
import { visibleEntities } from "./search-visible.ts";
import { readGranted } from "../storage/permissions.ts";

/** null: everything may be seen. */
export async function sightOf(ctx: Ctx): Promise<Sight | null> {
  if (restricted(ctx) === null) return null;
  const granted = [...(await readGranted(ctx, null)).keys()];
  const partly = [...(await visibleEntities(ctx, granted))].filter(([, what]) => what !== "all");
  if (partly.length === 0) return null;
  const hidden = new Set(partly.map(([blueprint]) => blueprint));
  return {
    isWhole: (blueprint) => !hidden.has(blueprint),
    among: async (blueprint, identifiers) => {
      if (!hidden.has(blueprint)) return new Set(identifiers);
      const isReadable = await readableKeys(
        ctx,
        identifiers.map((identifier) => ({ blueprint, identifier })),
      );
      return new Set(identifiers.filter((identifier) => isReadable({ blueprint, identifier })));
    },
  };
}
