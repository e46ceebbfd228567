import { limitError } from "../errors.ts";
import { factsOf } from "./classify.ts";
import { makeCode } from "./generate/code.ts";
import { makeMany } from "./many/many.ts";
import { makeSingle } from "./single/single.ts";
import type { Maker, Site } from "./site.ts";

/**
 * Functions made for one program. The text bounds what is made at once, but functions inside of functions, each for
 * values and for paths, could go on multiplying while the program runs.
 */
const MAX_MADE = 2_000_000;

function count(site: Site): void {
  const { unit } = site.environment.copy;
  if (++unit.made > MAX_MADE) throw limitError("parts of code", MAX_MADE);
}

export const maker: Maker = {
  facts: factsOf,
  single: (node, site) => {
    count(site);
    return makeSingle(node, site);
  },
  many: (node, site, next) => {
    count(site);
    return makeMany(node, site, next);
  },
  code: (node, site, paths, next) => {
    count(site);
    return makeCode(node, site, paths, next);
  },
};
