import type { ArithmeticOperator, ComparisonOperator } from "../ast.ts";
import type { Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { add, divide, modulo, multiply, subtract } from "../values/arithmetic.ts";
import { compare, equals } from "../values/order.ts";

export type Operation = (a: Json, b: Json, rt: Runtime) => Json;

/** Two numbers or two booleans, strings: compared without a walk. */
const plus: Operation = (a, b, rt) =>
  typeof a === "number" && typeof b === "number" ? a + b : add(a, b, rt);
const minus: Operation = (a, b, rt) =>
  typeof a === "number" && typeof b === "number" ? a - b : subtract(a, b, rt);

export const arithmetic: Readonly<Record<ArithmeticOperator, Operation>> = {
  "+": plus,
  "-": minus,
  "*": multiply,
  "/": divide,
  "%": modulo,
};

/** Texts up to this length are compared in no time worth counting. */
const SHORT = 64;

const same: Operation = (a, b, rt) => {
  if (typeof a === "string") {
    if (typeof b === "string" && a.length > SHORT && a.length === b.length) rt.meter.chars(a.length);
    return a === b;
  }
  return typeof a === "object" && a !== null && typeof b === "object" && b !== null
    ? equals(a, b, rt)
    : a === b;
};

/** Orders two values; numbers without a call. `nan` is below every number, itself included. */
const order = (a: Json, b: Json, rt: Runtime): number =>
  typeof a === "number" && typeof b === "number"
    ? a < b || Number.isNaN(a)
      ? -1
      : a === b
        ? 0
        : 1
    : compare(a, b, rt);

export const comparison: Readonly<Record<ComparisonOperator, Operation>> = {
  "==": same,
  "!=": (a, b, rt) => !(same(a, b, rt) as boolean),
  "<": (a, b, rt) => order(a, b, rt) < 0,
  "<=": (a, b, rt) => order(a, b, rt) <= 0,
  ">": (a, b, rt) => order(a, b, rt) > 0,
  ">=": (a, b, rt) => order(a, b, rt) >= 0,
};
