import type { CommitFact, DeploymentFact } from "./facts.ts";
import { shaLookup } from "./identity.ts";

const FULL = 40;
/** Shorter ones are words or numbers as likely as commits. */
const ABBREVIATED = /^[0-9a-f]{7,39}$/;

/**
 * The commits of deployments in full. An abbreviation that fits one commit becomes its sha. What an image names is the source
 * where it is known, of several the first that is; the sha beside it is then that of the configuration that brought them.
 */
export function withFullShas(
  deployments: readonly DeploymentFact[],
  commits: readonly CommitFact[],
): readonly DeploymentFact[] {
  const isShort = (sha: string | null): boolean => sha !== null && ABBREVIATED.test(sha);
  const needs = ({ sha, previousSha, imageShas }: DeploymentFact): boolean =>
    isShort(sha) || isShort(previousSha) || (imageShas ?? []).length > 0;
  if (!deployments.some(needs)) return deployments;
  const shas = [...new Set(commits.map(({ sha }) => sha))];
  const lookup = shaLookup({ indexOf: new Map(shas.map((sha, index) => [sha, index])) });
  const known = (sha: string | null): string | null =>
    sha === null || (sha.length < FULL && !isShort(sha)) ? null : (shas[lookup(sha) ?? -1] ?? null);
  return deployments.map((one) => {
    const { sha, previousSha } = one;
    const images = one.imageShas ?? [];
    const source = images.reduce<string | null>((found, image) => found ?? known(image), null);
    return {
      ...one,
      sha: source ?? known(sha) ?? sha ?? images[0] ?? null,
      previousSha: known(previousSha) ?? previousSha,
    };
  });
}

/** The commits that a deployment waits for: once one of them is known, it is that of another commit. */
export function awaitedShas(
  { sha, imageShas }: DeploymentFact,
  isKnown: (sha: string) => boolean,
): readonly string[] {
  const images = imageShas ?? [];
  // Only whole ones are looked for among the commits of other repositories.
  const whole = images.filter((image) => image.length === FULL);
  return (sha === null ? whole : [sha, ...whole]).filter((one) => !isKnown(one));
}
