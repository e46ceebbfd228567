/** Whether the secret key is the one that this database was written with. */
import { hashSecret, sameText } from "../access/organization.ts";
import type { KeyRing } from "../access/key-ring.ts";
import { openingKey } from "../access/secrets.ts";
import { SEAL_NAMES } from "../model/seal-names.ts";
import type { Db } from "../storage/db.ts";
import { credentialHash } from "../storage/doctor-reads.ts";
import { type Sealed, sealedTexts } from "../storage/sealed-texts.ts";
import { failed, type Finding, notChecked, ok, warning } from "./finding.ts";

/** Of each kind; opening one takes 20 µs. */
const MOST = 2000;
const NAMED = 5;

export interface Keys {
  readonly secretKeys: KeyRing;
  readonly clientId: string;
  readonly clientSecret: string;
  /** false: the credentials above are nobody's. */
  readonly hasCredentials: boolean;
}

export async function checkSecrets(db: Db, org: string, keys: Keys): Promise<Finding[]> {
  const sealed = await sealedTexts(db, org, MOST);
  const opened = sealed.map((one) => openedBy(keys.secretKeys, org, one));
  const shut = sealed.filter((_one, index) => opened[index] === null);
  const old = opened.filter((key) => key !== null && key !== keys.secretKeys.current).length;
  const why =
    "data sources, webhooks and actions that use them fail, and people with a second factor cannot sign in";
  const secrets =
    shut.length === 0
      ? ok("secrets.open", `the secret key opens all ${sealed.length} stored secrets that were tried`)
      : failed(
          "secrets.open",
          `${shut.length} of ${sealed.length} stored secrets cannot be opened: ${named(shut)}`,
          why,
          shut.length === sealed.length
            ? "the key is another one: set FAIRWAY_SECRET_KEY to the one of before, or bring back secret.key from a backup; where it is lost, enter the secrets again (docs/operations.md, Keys)"
            : "enter these again (docs/operations.md, Keys)",
        );
  return [secrets, ...stillOld(old), await checkCredentials(db, org, keys)];
}

function stillOld(count: number): Finding[] {
  if (count === 0) return [];
  return [
    warning(
      "secrets.old-key",
      `${count} stored secrets are still encrypted with an earlier key`,
      "who has that key and the database can read them",
      "start the server, which encrypts them anew (docs/operations.md, Keys)",
    ),
  ];
}

async function checkCredentials(db: Db, org: string, keys: Keys): Promise<Finding> {
  const id = "secrets.credentials";
  if (!keys.hasCredentials)
    return notChecked(id, "there are no API credentials in the settings or the data folder");
  const hash = await credentialHash(db, org, keys.clientId);
  if (hash !== null && sameText(hash, hashSecret(keys.clientSecret, keys.secretKeys.current)))
    return ok(id, "the secret key and the API credentials are those of the last start");
  return warning(
    id,
    hash === null
      ? "the API credentials are not those of the last start"
      : "the client secret or the secret key is not that of the last start",
    "these are not the settings or not the data folder that the server uses; a start with them changes the credentials",
    "run fairway doctor with the settings of the server, or start the server with these if that is what you want",
  );
}

const openedBy = (keys: KeyRing, org: string, { kind, id, sealed }: Sealed): Buffer | null =>
  openingKey(keys, org, SEAL_NAMES[kind](id), sealed);

const named = (shut: readonly Sealed[]): string =>
  shut
    .slice(0, NAMED)
    .map(({ kind, id }) => `${kind} ${JSON.stringify(id)}`)
    .join(", ") + (shut.length > NAMED ? " …" : "");
