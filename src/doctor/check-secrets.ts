/** Whether the secret key is the one that this database was written with. */
import { hashSecret, sameText } from "../access/organization.ts";
import { sealName } from "../access/second-factor.ts";
import { decryptSecret } from "../access/secrets.ts";
import { secretsName, webhookSecretName } from "../ingest/sources/open-source.ts";
import { vaultName } from "../ingest/webhooks.ts";
import type { Db } from "../storage/db.ts";
import { credentialHash, type Sealed, sealedTexts } from "../storage/doctor-reads.ts";
import { failed, type Finding, notChecked, ok, warning } from "./finding.ts";

/** Of each kind; opening one takes 20 µs. */
const MOST = 2000;
const NAMED = 5;

export interface Keys {
  readonly secretKey: Buffer;
  readonly clientId: string;
  readonly clientSecret: string;
  /** false: the credentials above are nobody's. */
  readonly hasCredentials: boolean;
}

const SEAL_NAMES: Readonly<Record<Sealed["kind"], (id: string) => string>> = {
  secret: (id) => id,
  webhook: vaultName,
  "data source": secretsName,
  "webhook of a data source": webhookSecretName,
  "second factor": sealName,
};

export async function checkSecrets(db: Db, org: string, keys: Keys): Promise<Finding[]> {
  const sealed = await sealedTexts(db, org, MOST);
  const shut = sealed.filter((one) => !opens(keys.secretKey, org, one));
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
  return [secrets, await checkCredentials(db, org, keys)];
}

async function checkCredentials(db: Db, org: string, keys: Keys): Promise<Finding> {
  const id = "secrets.credentials";
  if (!keys.hasCredentials)
    return notChecked(id, "there are no API credentials in the settings or the data folder");
  const hash = await credentialHash(db, org, keys.clientId);
  if (hash !== null && sameText(hash, hashSecret(keys.clientSecret, keys.secretKey)))
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

function opens(key: Buffer, org: string, { kind, id, sealed }: Sealed): boolean {
  try {
    decryptSecret(key, org, SEAL_NAMES[kind](id), sealed);
    return true;
  } catch {
    return false;
  }
}

const named = (shut: readonly Sealed[]): string =>
  shut
    .slice(0, NAMED)
    .map(({ kind, id }) => `${kind} ${JSON.stringify(id)}`)
    .join(", ") + (shut.length > NAMED ? " …" : "");
