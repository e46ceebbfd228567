import type { CommitFact, DeploymentFact } from "./facts.ts";
import { shaLookup } from "./identity.ts";

const FULL = 40;
/** Shorter ones are words or numbers as likely as commits. */
const ABBREVIATED = /^[0-9a-f]{7,39}$/;

/**
 * The commits of deployments in full. An abbreviation that fits one commit becomes its sha. What the image names is the source
 * where it is known; the sha beside it is then that of the configuration that brought the image.
 */
export function withFullShas(
  deployments: readonly DeploymentFact[],
  commits: readonly CommitFact[],
): readonly DeploymentFact[] {
  const isShort = (sha: string | null): boolean => sha !== null && ABBREVIATED.test(sha);
  const needs = ({ sha, previousSha, imageSha = null }: DeploymentFact): boolean =>
    isShort(sha) || isShort(previousSha) || imageSha !== null;
  if (!deployments.some(needs)) return deployments;
  const shas = [...new Set(commits.map(({ sha }) => sha))];
  const lookup = shaLookup({ indexOf: new Map(shas.map((sha, index) => [sha, index])) });
  const known = (sha: string | null): string | null =>
    sha === null || (sha.length < FULL && !isShort(sha)) ? null : (shas[lookup(sha) ?? -1] ?? null);
  return deployments.map((one) => {
    const { sha, previousSha, imageSha = null } = one;
    return {
      ...one,
      sha: known(imageSha) ?? known(sha) ?? sha ?? imageSha,
      previousSha: known(previousSha) ?? previousSha,
    };
  });
}
