import type { Node, NodeOf } from "../../ast.ts";
import type { Json } from "../../value.ts";
import { deletePaths } from "../../values/paths.ts";
import { Editor } from "../editor.ts";
import type { Code } from "../machine.ts";
import { hold, held, Trail } from "../run.ts";
import { operationOf } from "../single/assign.ts";
import { type Site, slotIn } from "../site.ts";
import { pathOf } from "./core.ts";
import { keep, recall } from "./single.ts";

type Assign = NodeOf<"assign">;

/** Assignments whose target or value needs the machine. */
export function codeAssign(node: Assign, site: Site, next: Code): Code {
  if (node.operator === "|=") return codeUpdate(node, site, next);
  const operation = operationOf(node.operator);
  const input = slotIn(site);
  const operand = slotIn(site);
  const { begin, editor } = throughPaths(node.target, site, next, (slot) => (m) => {
    const path = pathOf(m);
    const edited = held<Editor>(m.frame, slot);
    edited.set(path, operation(edited.get(path), m.frame.slots[operand] ?? null, m.run));
    return m.back();
  });
  const start: Code = (m) => {
    hold(m.frame, editor, new Editor(m.value, m.run));
    return begin;
  };
  // Every output of the value gives one result.
  return keep(input, site.make.code(node.value, site, false, keep(operand, recall(input, start))));
}

/** Follows the target's paths, with what `each` does for a path; then the edited value goes on. */
function throughPaths(
  target: Node,
  site: Site,
  next: Code,
  each: (editor: number) => Code,
): { begin: Code; editor: number } {
  const editor = slotIn(site);
  const paths = site.make.code(target, site, true, each(editor));
  const done: Code = (m) => {
    m.value = held<Editor>(m.frame, editor).result();
    return next;
  };
  return {
    editor,
    begin: (m) => {
      m.fork(done);
      m.trail = new Trail(null, null, m.value);
      return paths;
    },
  };
}

/** `target |= update`: the first output counts; without one, the place is deleted when all is done. */
function codeUpdate(node: Assign, site: Site, next: Code): Code {
  const deleted = slotIn(site);
  const at = slotIn(site);
  const top = slotIn(site);
  const finish: Code = (m) => {
    const paths = held<Json[]>(m.frame, deleted);
    if (paths.length > 0) m.value = deletePaths(m.value, paths, m.run);
    return next;
  };
  const none: Code = (m) => {
    held<Json[]>(m.frame, deleted).push(held<Json[]>(m.frame, at));
    return m.back();
  };
  const { begin, editor } = throughPaths(node.target, site, finish, (slot) => {
    const update = site.make.code(node.value, site, false, (m) => {
      m.cut(m.frame.slots[top] as number);
      held<Editor>(m.frame, slot).set(held<Json[]>(m.frame, at), m.value);
      return m.back();
    });
    return (m) => {
      const path = pathOf(m);
      hold(m.frame, at, path);
      m.value = held<Editor>(m.frame, slot).get(path);
      m.frame.slots[top] = m.top;
      m.fork(none);
      return update;
    };
  });
  return (m) => {
    hold(m.frame, editor, new Editor(m.value, m.run));
    hold(m.frame, deleted, []);
    return begin;
  };
}
