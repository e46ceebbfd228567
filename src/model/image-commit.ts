/** The commit that the tag of an image names: how a deployment of a configuration repository tells its source. */

/** A tag that ends in a commit: `4f2a91c`, `sha-4f2a91c`, `main-4f2a91c0…`, `v1.2.3-g4f2a91c`. */
const TAGGED = /(?:^|[-_.])(?:g|sha)?([0-9a-f]{7,40})$/;
/** A commit has letters and digits, or all 40 characters; a date or a build number has digits only. */
const isCommitLike = (hex: string): boolean => hex.length === 40 || (/[a-f]/.test(hex) && /\d/.test(hex));

/** The commit in the tag of an image (`host/app:tag`, `app=registry/app:tag@sha256:…`). */
export function commitOfImage(image: string): string | null {
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1];
  return tag === undefined ? null : commitOfTag(tag);
}

export function commitOfTag(tag: string): string | null {
  const hex = TAGGED.exec(tag)?.[1];
  return hex !== undefined && isCommitLike(hex) ? hex : null;
}
