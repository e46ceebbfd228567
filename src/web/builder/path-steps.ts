import type { BlueprintDoc } from "../catalog/blueprint.ts";

/** The most steps that a path has. */
export const MAX_STEPS = 15;

export interface PathStep {
  /** Blueprint that the step is chosen on. */
  readonly on: BlueprintDoc;
  readonly step: string;
}

/** The steps of a path as far as they lead somewhere, and the blueprint behind the last relation. */
export function stepsOf(
  start: BlueprintDoc,
  path: string,
  all: readonly BlueprintDoc[],
): { readonly steps: readonly PathStep[]; readonly end: BlueprintDoc | null } {
  const steps: PathStep[] = [];
  let at: BlueprintDoc | null = start;
  for (const step of path === "" ? [] : path.split(".").slice(0, MAX_STEPS)) {
    if (at === null) break;
    steps.push({ on: at, step });
    const target: string | undefined = step === "$team" ? "_team" : at.relations?.[step]?.target;
    at = all.find(({ identifier }) => identifier === target) ?? null;
  }
  return { steps, end: at };
}
