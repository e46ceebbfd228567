import { type Lengths, partsOf } from "./lengths.ts";
import type { Pattern } from "./pattern.ts";
import type { Node, RepeatNode } from "./tree.ts";

/** The repeats around a part, from the inside. */
type Within = { readonly repeat: RepeatNode; readonly outer: Within } | undefined;

function isWithin(within: Within, repeat: RepeatNode): boolean {
  let at = within;
  while (at !== undefined && at.repeat !== repeat) at = at.outer;
  return at !== undefined;
}

/**
 * A turn of a repeat that takes no text ends it, unless it changed a group that is referred to from outside of the repeat. This finds
 * those groups, by repeat.
 */
export function watchedGroups(
  pattern: Pattern,
  of: (node: Node) => Lengths,
): ReadonlyMap<RepeatNode, readonly number[]> {
  const watched = new Map<RepeatNode, number[]>();
  if (pattern.backs.length === 0) return watched;
  /** The innermost repeat around a group that may take nothing. */
  const repeatOfGroup = new Map<number, RepeatNode>();
  const references: { readonly groups: readonly number[]; readonly within: Within }[] = [];
  const open: { node: Node; repeat: RepeatNode | undefined; within: Within }[] = [
    { node: pattern.root, repeat: undefined, within: undefined },
  ];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { node, within } = at;
    let { repeat } = at;
    if (node.kind === "group" && repeat !== undefined) repeatOfGroup.set(node.number, repeat);
    if (node.kind === "back" || node.kind === "check") references.push({ groups: node.groups, within });
    if (node.kind === "look" && !node.negative) repeat = undefined;
    let inside = within;
    if (node.kind === "repeat") {
      inside = { repeat: node, outer: within };
      if (of(node.body).min === 0) repeat = node;
    }
    for (const part of partsOf(node)) open.push({ node: part, repeat, within: inside });
  }
  for (const { groups, within } of references)
    for (const group of groups) {
      const repeat = repeatOfGroup.get(group);
      if (repeat === undefined || isWithin(within, repeat)) continue;
      const others = watched.get(repeat);
      if (others === undefined) watched.set(repeat, [group]);
      else if (!others.includes(group)) others.push(group);
    }
  return watched;
}
