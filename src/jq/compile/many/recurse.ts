import type { Json } from "../../value.ts";
import { iterate } from "../../values/access.ts";
import type { Many } from "../site.ts";

/** `..`: the value, then what is in it, from the outside in; however deep, without recursion. */
export function manyRecurse(next: Many): Many {
  return (value, frame) => {
    const { run } = frame;
    const { meter } = run;
    if (next(value, frame)) return true;
    if (typeof value !== "object" || value === null) return false;
    const levels: { items: readonly Json[]; at: number }[] = [{ items: iterate(value, run), at: 0 }];
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      if (level.at === level.items.length) {
        levels.pop();
        continue;
      }
      if (--meter.left < 0) meter.spend(0);
      const item = level.items[level.at++] ?? null;
      if (next(item, frame)) return true;
      if (typeof item === "object" && item !== null) levels.push({ items: iterate(item, run), at: 0 });
    }
    return false;
  };
}
