import type { Node } from "../ast.ts";
import type { Json } from "../value.ts";
import {
  bindIn,
  type Binding,
  type Environment,
  type Facts,
  type FrameLayout,
  newSlot,
} from "./environment.ts";
import type { Code } from "./machine.ts";
import type { Frame } from "./run.ts";

/** A node with at most one output, as a function; `undefined`: no output. */
export type Single = (value: Json, frame: Frame) => Json | undefined;

/** A node with any number of outputs: hands each on to what follows. True: nothing more is wanted. */
export type Many = (value: Json, frame: Frame) => boolean;

/** The three ways to make code of a node; the parts of the compiler reach each other through this. */
export interface Maker {
  /** How a node can be made; `recursive`: it is part of a function that calls itself. */
  facts(node: Node, environment: Environment, recursive: boolean): Facts;
  /** Of a node whose kind is SINGLE. */
  single(node: Node, site: Site): Single;
  /** Of a node whose kind is SINGLE or MANY. */
  many(node: Node, site: Site, next: Many): Many;
  /** Of any node; `paths`: the path that values come from is followed. */
  code(node: Node, site: Site, paths: boolean, next: Code): Code;
}

/** Where code is made: the names in force, and the frame that it will run in. */
export interface Site {
  readonly environment: Environment;
  readonly layout: FrameLayout;
  readonly make: Maker;
}

export const facts = (node: Node, site: Site): Facts =>
  site.make.facts(node, site.environment, site.layout.recursive);

/** The same frame, with one more name. */
export const withName = (site: Site, binding: Binding): Site => ({
  ...site,
  environment: bindIn(site.environment, binding),
});

/** The same frame, with other names. */
export const withNames = (site: Site, environment: Environment): Site => ({ ...site, environment });

export const slotIn = (site: Site): number => newSlot(site.layout);

/** Steps that one turn of a loop costs whose body has `size` nodes. */
export const turnCost = (size: number): number => 1 + (size >> 4);
