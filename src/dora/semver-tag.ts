/** Reads `x.y.z` tags: `v1.2.3`, `checkout@1.2.3`, `checkout-v1.2.3`; pre-releases are no releases. */
export interface Release {
  readonly name: string;
  /** Name of the release this one is a patch of (`x.y.z-1`); null when z is 0. */
  readonly predecessor: string | null;
}

const TAG = /^(|.{0,200}?[^\d.])(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/;

export function releaseOf(ref: string | null): Release | null {
  const match = ref === null || ref.length > 250 ? null : TAG.exec(ref.replace(/^refs\/tags\//, ""));
  if (match === null) return null;
  const [prefix, major, minor, patch] = match.slice(1) as [string, string, string, string];
  const name = (z: number): string => `${prefix}${Number(major)}.${Number(minor)}.${z}`;
  return { name: name(Number(patch)), predecessor: Number(patch) === 0 ? null : name(Number(patch) - 1) };
}
