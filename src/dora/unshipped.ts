/** Merged changes that no deployment of an environment has shipped, as far as is known (`not_deployed`). */
import type { Attribution } from "./attribution.ts";
import { at } from "./commit-graph.ts";

/** What one environment has of each change. */
export interface EnvironmentContents {
  readonly environment: string;
  readonly attribution: Attribution;
}

/** Of one merged change: where it is, and in whose left-out history. Null when every environment has it. */
export function whereIsChange(
  change: number,
  environments: readonly EnvironmentContents[],
  shipped: readonly ReadonlySet<number>[],
  production: readonly string[],
): { readonly shippedIn: readonly string[]; readonly leftOutIn: readonly string[] } | null {
  const shippedIn: string[] = [];
  const leftOutIn: string[] = [];
  environments.forEach(({ environment, attribution }, index) => {
    if (shipped[index]?.has(change)) shippedIn.push(environment);
    else if (at(attribution.changeStep, change) !== -1) leftOutIn.push(environment);
  });
  const names = new Set([...environments.map(({ environment }) => environment), ...production]);
  return shippedIn.length === names.size ? null : { shippedIn, leftOutIn };
}
