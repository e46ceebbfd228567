import type { FunctionDefinition, Node } from "../ast.ts";
import type { Json } from "../value.ts";
import type { Code } from "./machine.ts";
import type { Unit } from "./unit.ts";

/** What is known at compile time of the frames that a piece of code runs in. */
export interface FrameLayout {
  /** Functions around it. */
  readonly level: number;
  /** Slots given away so far. */
  size: number;
  /** Part of a function that calls itself: nothing in it may run as a machine inside of an instruction. */
  readonly recursive: boolean;
}

/** What a name stands for. */
export type Binding =
  | { readonly kind: "variable"; readonly name: string; readonly layout: FrameLayout; readonly slot: number }
  /** Data that a module brings. */
  | { readonly kind: "data"; readonly name: string; readonly value: Json }
  | { readonly kind: "label"; readonly name: string; readonly layout: FrameLayout; readonly slot: number }
  | {
      readonly kind: "function";
      readonly definition: FunctionDefinition;
      readonly environment: Environment;
      readonly layout: FrameLayout;
      /** The code for calls; made when the first call is compiled. */
      template: Template | null;
    }
  /** A parameter of a function whose body is compiled into its caller: it stands for the argument's text. */
  | {
      readonly kind: "argument";
      readonly name: string;
      readonly node: Node;
      readonly environment: Environment;
      /** Its code as a closure, where it is too large to be compiled at every use; by the frame that it is used in. */
      readonly closures: Map<FrameLayout, Template>;
    }
  /** A parameter of a function that is called: it stands for a closure in its frame. */
  | { readonly kind: "closure"; readonly name: string; readonly layout: FrameLayout; readonly at: number };

export type BindingOf<K extends Binding["kind"]> = Extract<Binding, { kind: K }>;

/** The names in force at some place of the text, innermost first. */
export interface Environment {
  readonly binding: Binding | null;
  readonly outer: Environment | null;
  readonly copy: Copy;
}

/**
 * The text of a function that is compiled into several callers is looked at once per caller; what was found out is kept
 * by copy.
 */
export interface Copy {
  readonly depth: number;
  readonly unit: Unit;
  /** By node; the second for places inside of recursive functions. */
  readonly facts: readonly [Map<Node, Facts>, Map<Node, Facts>];
  readonly inner: Map<Node, Copy>;
}

/** At most one output, made without a machine. */
export const SINGLE = 0;
/** Any number of outputs, each handed on by a plain call. */
export const MANY = 1;
/** What needs the machine: recursion, and what is too rare for a direct form. */
export const MACHINE = 2;
export type Kind = typeof SINGLE | typeof MANY | typeof MACHINE;

export interface Facts {
  readonly kind: Kind;
  /** Nodes that the code is made of, those of functions compiled into it included. */
  readonly size: number;
  /** Of a call: is the body of the function compiled into the caller? */
  readonly inlined: boolean;
}

/** Code that is made when it is first run, for values and for paths: function bodies and closures. */
export interface Template {
  readonly layout: FrameLayout;
  code(paths: boolean): Code;
}

export const newCopy = (unit: Unit, depth: number): Copy => ({
  depth,
  unit,
  facts: [new Map(), new Map()],
  inner: new Map(),
});

export const bindIn = (environment: Environment, binding: Binding): Environment => ({
  binding,
  outer: environment,
  copy: environment.copy,
});

/** The same names, for another copy of the text. */
export const inCopy = (environment: Environment, copy: Copy): Environment => ({
  binding: null,
  outer: environment,
  copy,
});

export function findVariable(environment: Environment, name: string): BindingOf<"variable" | "data"> | null {
  for (let at: Environment | null = environment; at !== null; at = at.outer) {
    const { binding } = at;
    if ((binding?.kind === "variable" || binding?.kind === "data") && binding.name === name) return binding;
  }
  return null;
}

export function findLabel(environment: Environment, name: string): BindingOf<"label"> | null {
  for (let at: Environment | null = environment; at !== null; at = at.outer)
    if (at.binding?.kind === "label" && at.binding.name === name) return at.binding;
  return null;
}

/** What `name` with `arity` arguments calls; null: a builtin, if anything. */
export function findCallee(
  environment: Environment,
  name: string,
  arity: number,
): BindingOf<"function" | "argument" | "closure"> | null {
  for (let at: Environment | null = environment; at !== null; at = at.outer) {
    const { binding } = at;
    if (binding === null) continue;
    if (binding.kind === "function") {
      if (binding.definition.name === name && binding.definition.params.length === arity) return binding;
    } else if (binding.kind === "argument" || binding.kind === "closure") {
      if (arity === 0 && binding.name === name) return binding;
    }
  }
  return null;
}

/** A place in the frame for something that the code needs to keep. */
export const newSlot = (layout: FrameLayout): number => layout.size++;
