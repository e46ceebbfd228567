import type { FunctionDefinition, Node, NodeOf } from "../../ast.ts";
import type { Native } from "../../runtime.ts";
import type { Json } from "../../value.ts";
import { findBuiltin } from "../builtins/lookup.ts";
import { inlined } from "../classify.ts";
import { bodyOf, insideOf, rootOf } from "../inline.ts";
import { type BindingOf, findCallee, type Template } from "../environment.ts";
import { type Code, type Machine, RETURN } from "../machine.ts";
import { type Closure, Frame, outward } from "../run.ts";
import { facts, type Site, slotIn, withName, withNames } from "../site.ts";
import { closureTemplate, type FunctionTemplate, functionTemplate } from "../template.ts";
import { aside } from "./access.ts";
import { codeCore } from "./core.ts";
import { keep, recall } from "./single.ts";

type Call = NodeOf<"call">;

/** `name(args)` */
export function codeCall(node: Call, site: Site, paths: boolean, next: Code): Code {
  const callee = findCallee(site.environment, node.name, node.args.length);
  switch (callee?.kind) {
    case "closure":
      return callClosure(callee, site, paths, next);
    case "argument": {
      const within = withNames(site, callee.environment);
      if (facts(node, site).inlined) return site.make.code(callee.node, within, paths, next);
      const template = sharedClosure(callee, site);
      return enter(
        template,
        (m) => m.frame,
        () => [],
        paths,
        next,
      );
    }
    case "function":
      return facts(node, site).inlined
        ? site.make.code(bodyOf(callee.definition), inside(node, callee.definition, site), paths, next)
        : callFunction(node, templateOf(callee, site), callee.layout.level, site, paths, next);
    default:
      return callBuiltin(node, site, paths, next);
  }
}

/** Natives that may give their input, or a part of it: if a path leads to it, it still does. */
const GIVES_INPUT = new Set([
  ...[
    "tostring",
    "tonumber",
    "toboolean",
    "abs",
    "toarray",
    "debug",
    "stderr",
    "getpath",
    "setpath",
    "delpaths",
  ],
  ...["ltrimstr", "rtrimstr", "trimstr", "trim", "ltrim", "rtrim", "add", "min", "max"],
]);

const inside = (node: Call, definition: FunctionDefinition, site: Site): Site =>
  withNames(site, insideOf(node, definition, site.environment));

function callBuiltin(node: Call, site: Site, paths: boolean, next: Code): Code {
  const builtin = findBuiltin(`${node.name}/${node.args.length}`);
  if (builtin === null)
    throw site.environment.copy.unit.error(node.at, `${node.name}/${node.args.length} is not defined`);
  if (builtin.kind === "core") return codeCore(builtin.core, node, site, paths, next);
  if (builtin.kind === "native") {
    if (paths && builtin.key === "getpath/1") return codeCore(builtin.key, node, site, paths, next);
    const after = paths && !GIVES_INPUT.has(node.name) ? aside(next) : next;
    return callNative(builtin.native, node.args, site, after);
  }
  const { definition, key } = builtin;
  const { environment, layout } = site;
  if (inlined(node, definition, environment, layout.recursive).inlined)
    return site.make.code(bodyOf(definition), inside(node, definition, site), paths, next);
  const { builtins } = environment.copy.unit;
  let binding = builtins.get(key);
  if (binding === undefined) {
    const outermost = { level: 0, size: 0, recursive: false };
    binding = {
      kind: "function",
      definition,
      environment: rootOf(environment.copy),
      layout: outermost,
      template: null,
    };
    builtins.set(key, binding);
  }
  return callFunction(node, templateOf(binding, site), 0, site, paths, next);
}

function templateOf(binding: BindingOf<"function">, site: Site): FunctionTemplate {
  const { definition, environment, layout } = binding;
  const self = withName(withNames(site, environment), binding).environment;
  binding.template ??= functionTemplate(definition, self, layout.level + 1, site.make);
  return binding.template as FunctionTemplate;
}

/** Arguments of a native: the last one is the outermost loop, as for everything that jq has in C. */
function callNative(native: Native, args: readonly Node[], site: Site, next: Code): Code {
  const input = slotIn(site);
  const slots = args.map(() => slotIn(site));
  let code: Code = (m) => {
    const kept = m.frame.slots;
    m.value = runNative(
      native,
      kept[input] ?? null,
      slots.map((slot) => kept[slot] ?? null),
      m,
    );
    return next;
  };
  for (const [i, arg] of args.entries())
    code = recall(input, site.make.code(arg, site, false, keep(slots[i] as number, code)));
  return keep(input, code);
}

function runNative(native: Native, input: Json, args: readonly Json[], m: Machine): Json {
  const [a = null, b = null, c = null] = args;
  switch (native.arity) {
    case 0:
      return native.run(input, m.run);
    case 1:
      return native.run(input, a, m.run);
    case 2:
      return native.run(input, a, b, m.run);
    default:
      return native.run(input, a, b, c, m.run);
  }
}

/**
 * Enters a function or closure. When nothing is left to do afterwards but to return, the new call takes the place of the
 * present one: recursion at the end of a function takes no memory.
 */
function enter(
  template: Template,
  outerOf: (m: Machine) => Frame,
  closuresOf: (m: Machine) => readonly Closure[],
  paths: boolean,
  next: Code,
): Code {
  return (m) => {
    const outer = outerOf(m);
    const closures = closuresOf(m);
    m.frame = frameFor(m, outer, closures, next);
    return template.code(paths);
  };
}

const NO_CLOSURES: readonly Closure[] = [];

function frameFor(m: Machine, outer: Frame, closures: readonly Closure[], next: Code): Frame {
  const { frame, run } = m;
  if ((run.meter.left -= 2) < 0) run.meter.spend(0);
  if (next === RETURN) return new Frame(run, outer, closures, frame.back, frame.caller, frame.depth);
  run.meter.depth(frame.depth + 1);
  return new Frame(run, outer, closures, next, frame, frame.depth + 1);
}

function callClosure(binding: BindingOf<"closure">, site: Site, paths: boolean, next: Code): Code {
  const level = site.layout.level - binding.layout.level;
  const { at } = binding;
  return (m) => {
    const { template, frame } = outward(m.frame, level).closures[at] as Closure;
    m.frame = frameFor(m, frame, NO_CLOSURES, next);
    return template.code(paths);
  };
}

function callFunction(
  node: Call,
  template: FunctionTemplate,
  definedAt: number,
  site: Site,
  paths: boolean,
  next: Code,
): Code {
  const level = site.layout.level - definedAt;
  const values: { arg: Node; slot: number; to: number }[] = [];
  const makers: ((m: Machine) => Closure)[] = [];
  for (const [i, parameter] of template.parameters.entries()) {
    const arg = node.args[i] as Node;
    if ("slot" in parameter) values.push({ arg, slot: slotIn(site), to: parameter.slot });
    else makers[parameter.closure] = closureFor(arg, site);
  }
  const call: Code = (m) => {
    const { frame } = m;
    let closures = NO_CLOSURES;
    if (makers.length > 0) {
      // What a closure refers to stays in memory.
      m.run.meter.left -= 2 * makers.length;
      closures = makers.map((make) => make(m));
    }
    const inner = frameFor(m, outward(frame, level), closures, next);
    for (const { slot, to } of values) inner.slots[to] = frame.slots[slot] ?? null;
    m.frame = inner;
    return template.code(paths);
  };
  if (values.length === 0) return call;
  // Values are computed by the caller, the first one as the outermost loop.
  const input = slotIn(site);
  let code = recall(input, call);
  for (const { arg, slot } of values.reverse())
    code = recall(input, site.make.code(arg, site, false, keep(slot, code)));
  return keep(input, code);
}

/** One closure for all uses of an argument in a frame: or else arguments inside of arguments would multiply. */
function sharedClosure(binding: BindingOf<"argument">, site: Site): Template {
  let template = binding.closures.get(site.layout);
  if (template === undefined) {
    template = closureTemplate(binding.node, withNames(site, binding.environment));
    binding.closures.set(site.layout, template);
  }
  return template;
}

/** A closure of an argument; a parameter that is only passed on stays the closure that it is. */
function closureFor(arg: Node, site: Site): (m: Machine) => Closure {
  if (arg.kind === "call" && arg.args.length === 0) {
    const passed = findCallee(site.environment, arg.name, 0);
    if (passed?.kind === "argument") {
      if (passed.node.kind === "call") return closureFor(passed.node, withNames(site, passed.environment));
      const template = sharedClosure(passed, site);
      return (m) => ({ template, frame: m.frame });
    }
    if (passed?.kind === "closure") {
      const level = site.layout.level - passed.layout.level;
      const { at } = passed;
      return (m) => outward(m.frame, level).closures[at] as Closure;
    }
  }
  const template = closureTemplate(arg, site);
  return (m) => ({ template, frame: m.frame });
}
