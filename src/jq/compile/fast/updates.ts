import type { Node } from "../../ast.ts";
import { MACHINE, SINGLE } from "../environment.ts";
import { deletePaths, getPath } from "../../values/paths.ts";
import { iterate } from "../../values/access.ts";
import { constantPath, firstOf, mapItems } from "../single/assign.ts";
import type { Single, Site } from "../site.ts";
import type { Call, FormEntry } from "./form.ts";

/** `map_values(f)` */
function mapValues(node: Call, site: Site): Single {
  const update = firstOf(node.args[0] as Node, site);
  return (value, frame) => {
    if (typeof value === "object" && value !== null) return mapItems(value, frame, update);
    iterate(value, frame.run);
    return value;
  };
}

/** `del(.a.b)` */
function deleted(node: Call): Single {
  const path = constantPath(node.args[0] as Node) ?? [];
  return (value, frame) => {
    // What the path cannot be followed into says so first.
    getPath(value, path, frame.run);
    return deletePaths(value, [path], frame.run);
  };
}

export const updates: readonly FormEntry[] = [
  [
    "map_values/1",
    { kind: ([kind], recursive) => (recursive && kind === MACHINE ? null : SINGLE), single: mapValues },
  ],
  [
    "del/1",
    {
      kind: (_kinds, _recursive, node) => (constantPath(node.args[0] as Node) === null ? null : SINGLE),
      single: deleted,
    },
  ],
];
