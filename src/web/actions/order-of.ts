import type { UserInputsDoc } from "./types.ts";

/** Keys in the order in which they are shown; what no order names comes last. */
export function orderOf({ properties = {}, order = [], titles = {} }: UserInputsDoc): string[] {
  const named = order.filter((key) => Object.hasOwn(properties, key) || Object.hasOwn(titles, key));
  return [...named, ...Object.keys(properties).filter((key) => !named.includes(key))];
}
