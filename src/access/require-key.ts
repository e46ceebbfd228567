/** Whether the secret key is the one that this database was written with. */
import { SEAL_NAMES } from "../model/seal-names.ts";
import type { Db } from "../storage/db.ts";
import { sealedTexts } from "../storage/sealed-texts.ts";

/** Of each kind. */
const TRIED = 5;

/**
 * A start with another key would fail every data source, webhook and second factor, one after the other, and what is entered
 * then is lost to the right key: a volume that is gone, or the secret of another installation.
 * @param open decrypts, or throws
 * @throws Error when there are stored secrets and none of them opens
 */
export async function requireKey(
  db: Db,
  org: string,
  open: (org: string, name: string, sealed: Uint8Array) => unknown,
): Promise<void> {
  const sample = await sealedTexts(db, org, TRIED, { isInUse: true });
  const opens = sample.some(({ kind, id, sealed }) => {
    try {
      open(org, SEAL_NAMES[kind](id), sealed);
      return true;
    } catch {
      return false;
    }
  });
  if (sample.length > 0 && !opens)
    throw new Error(
      `the secret key opens none of the stored secrets (${sample.length} tried): it is not the one that this database was written with. ` +
        "Set FAIRWAY_SECRET_KEY to that one, or bring back secret.key from a backup. Where it is lost, start with --new-secret-key (or FAIRWAY_NEW_SECRET_KEY=true) and enter the secrets again",
    );
}
