/** Permissions after a rename in the data model (decision 13). */
import type { Block, Granted } from "./permission.ts";
import { type Documents, type Rename, renameInSearch } from "./rename.ts";
import { moderatorOf } from "./user.ts";

/** @param blueprint what is granted on, as it was called before */
export function renameInPermissions(
  granted: Granted,
  blueprint: string,
  rename: Rename,
  documents: Documents,
): Granted {
  const role = (name: string): string =>
    rename.kind === "blueprint" && name === moderatorOf(rename.from) ? moderatorOf(rename.to) : name;
  const block = (before: Block): Block => ({
    ...before,
    roles: before.roles.map(role),
    ...(before.policy === undefined
      ? {}
      : { policy: renameInSearch(before.policy, blueprint, rename, documents) }),
  });
  const blocks = (before: Readonly<Record<string, Block>>, kind: "property" | "relation") =>
    Object.fromEntries(
      Object.entries(before).map(([id, one]) => [
        rename.kind === kind && rename.blueprint === blueprint && id === rename.from ? rename.to : id,
        block(one),
      ]),
    );
  const { updateProperties, updateRelations, ...operations } = granted;
  return {
    ...Object.fromEntries(Object.entries(operations).map(([operation, one]) => [operation, block(one)])),
    ...(updateProperties === undefined ? {} : { updateProperties: blocks(updateProperties, "property") }),
    ...(updateRelations === undefined ? {} : { updateRelations: blocks(updateRelations, "relation") }),
  };
}
