/** What the tests of src/jq/values share: a run of their own, and one way to call operators and builtins. */
import { JqError } from "../../src/jq/errors.ts";
import { Meter } from "../../src/jq/meter.ts";
import type { Runtime } from "../../src/jq/runtime.ts";
import type { Json } from "../../src/jq/value.ts";
import { index, iterate, slice } from "../../src/jq/values/access.ts";
import { add, divide, modulo, multiply, negate, subtract } from "../../src/jq/values/arithmetic.ts";
import { valueNatives } from "../../src/jq/values/natives.ts";
import { compare, equals } from "../../src/jq/values/order.ts";
import { toJson } from "../../src/jq/values/print.ts";

export const makeRuntime = (maxSteps = 1e9, maxOutput = 1e8): Runtime => ({
  meter: new Meter(maxSteps, maxOutput, 10_000),
  env: {},
  now: undefined,
  timeZone: "UTC",
  cache: new Map(),
});

type Call = (input: Json, a: Json, b: Json, rt: Runtime) => Json;

const operators: Readonly<Record<string, Call>> = {
  "+": (x, a, _b, rt) => add(x, a, rt),
  "-": (x, a, _b, rt) => subtract(x, a, rt),
  "*": (x, a, _b, rt) => multiply(x, a, rt),
  "/": (x, a, _b, rt) => divide(x, a, rt),
  "%": (x, a, _b, rt) => modulo(x, a, rt),
  "==": (x, a, _b, rt) => equals(x, a, rt),
  "<": (x, a, _b, rt) => compare(x, a, rt) < 0,
  "<=": (x, a, _b, rt) => compare(x, a, rt) <= 0,
  negate: (x, _a, _b, rt) => negate(x, rt),
  ".[k]": (x, a, _b, rt) => index(x, a, rt),
  ".[a:b]": (x, a, b, rt) => slice(x, a, b, rt),
  ".[]": (x, _a, _b, rt) => [...iterate(x, rt)],
};

/** Runs an operator, or a builtin by its name and the number of arguments. */
export function call(
  name: string,
  input: Json,
  args: readonly Json[] = [],
  rt: Runtime = makeRuntime(),
): Json {
  const [a = null, b = null] = args;
  const operator = operators[name];
  if (operator !== undefined) return operator(input, a, b, rt);
  const native = valueNatives.get(`${name}/${args.length}`);
  switch (native?.arity) {
    case 0:
      return native.run(input, rt);
    case 1:
      return native.run(input, a, rt);
    case 2:
      return native.run(input, a, b, rt);
    default:
      throw new Error(`${name}/${args.length} is no builtin of values`);
  }
}

/** The result as JSON, or `! message`. */
export function outcome(name: string, input: Json, args: readonly Json[] = [], rt?: Runtime): string {
  try {
    return toJson(call(name, input, args, rt), makeRuntime());
  } catch (error) {
    if (error instanceof JqError) return error.code === "jq_limit" ? "! limit" : `! ${error.message}`;
    throw error;
  }
}

/** `levels` arrays in each other. */
export function nestedArray(levels: number): Json {
  let value: Json = [];
  for (let i = 1; i < levels; i++) value = [value];
  return value;
}

/** `levels` objects in each other, each under "a". */
export function nestedObject(levels: number): Json {
  let value: Json = {};
  for (let i = 1; i < levels; i++) value = { a: value };
  return value;
}
