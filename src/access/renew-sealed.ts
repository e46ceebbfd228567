import { SEAL_NAMES } from "../model/seal-names.ts";
import type { Db } from "../storage/db.ts";
import { replaceSealed, sealedTexts } from "../storage/sealed-texts.ts";
import type { KeyRing } from "./key-ring.ts";
import { decryptSecret, encryptSecret, openingKey } from "./secrets.ts";

/** More than any installation has, and few enough for memory. */
const MOST = 100_000;

/**
 * Encrypts with the current key what an earlier one still opens. Twice, half-way, or by two processes at the same time:
 * each text is replaced as a whole, if it is still the one that was read.
 * @returns how many were, and how many no key opens
 */
export async function renewSealed(
  db: Db,
  org: string,
  keys: KeyRing,
): Promise<{ readonly renewed: number; readonly shut: number }> {
  let [renewed, shut] = [0, 0];
  for (const one of await sealedTexts(db, org, MOST)) {
    const name = SEAL_NAMES[one.kind](one.id);
    const key = openingKey(keys, org, name, one.sealed);
    if (key === null) shut += 1;
    else if (key !== keys.current) {
      const text = decryptSecret({ current: key, earlier: [] }, org, name, one.sealed);
      if (await replaceSealed(db, org, one, encryptSecret(keys, org, name, text))) renewed += 1;
    }
  }
  return { renewed, shut };
}
