import { factsOf } from "./classify.ts";
import { makeCode } from "./generate/code.ts";
import { makeMany } from "./many/many.ts";
import { makeSingle } from "./single/single.ts";
import type { Maker } from "./site.ts";

export const maker: Maker = { facts: factsOf, single: makeSingle, many: makeMany, code: makeCode };
