/** Keys, credentials and the administrator: set, or generated once and kept in the data folder (0600). */
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "./config-error.ts";
import type { Text } from "./read-text.ts";

export function readAdmin(text: Text): { adminEmail: string | null; adminPassword: string | null } {
  const adminEmail = text("FAIRWAY_ADMIN_EMAIL");
  const adminPassword = text("FAIRWAY_ADMIN_PASSWORD");
  if (adminEmail !== null && !/^[^\s@]+@[^\s@]+$/.test(adminEmail))
    throw new ConfigError("FAIRWAY_ADMIN_EMAIL", adminEmail, "must be an e-mail address");
  if (adminPassword !== null && adminEmail === null)
    throw new ConfigError("FAIRWAY_ADMIN_PASSWORD", "", "needs FAIRWAY_ADMIN_EMAIL as well");
  if (adminPassword !== null && adminPassword.length < 12)
    throw new ConfigError("FAIRWAY_ADMIN_PASSWORD", "", "must have at least 12 characters");
  return { adminEmail, adminPassword };
}

export interface SecretKeys {
  readonly current: Buffer;
  /** Of before; what they encrypted is still read. */
  readonly earlier: readonly Buffer[];
}

const MIN_KEY = 32;

/** The key of before that was generated stands beside the one that is (`fairway new-key`). */
export function readSecretKeys(text: Text, dataDir: string): SecretKeys {
  const given = text("FAIRWAY_SECRET_KEY");
  const value =
    given ?? generateOnce(join(dataDir, "secret.key"), () => randomBytes(32).toString("base64url"));
  if (value.length < MIN_KEY)
    throw new ConfigError("FAIRWAY_SECRET_KEY", "", `must have at least ${MIN_KEY} characters`);
  const old = text("FAIRWAY_SECRET_KEY_OLD");
  const kept = join(dataDir, "secret.key.old");
  const texts = [
    ...(old === null ? [] : old.trim().split(/\s+/)),
    ...(given === null && existsSync(kept) ? readFileSync(kept, "utf8").trim().split(/\s+/) : []),
  ];
  if (texts.some((one) => one.length < MIN_KEY))
    throw new ConfigError(
      "FAIRWAY_SECRET_KEY_OLD",
      "",
      `must be keys of at least ${MIN_KEY} characters, with spaces between them`,
    );
  const keyOf = (one: string): Buffer => createHash("sha256").update(one).digest();
  return { current: keyOf(value), earlier: texts.map(keyOf) };
}

export function readMetricsToken(text: Text): string | null {
  const token = text("FAIRWAY_METRICS_TOKEN");
  if (token !== null && !/^\S{16,}$/.test(token))
    throw new ConfigError("FAIRWAY_METRICS_TOKEN", "", "must have at least 16 characters, and no space");
  return token;
}

export function readCredentials(text: Text, dataDir: string): { clientId: string; clientSecret: string } {
  const id = text("FAIRWAY_CLIENT_ID");
  const secret = text("FAIRWAY_CLIENT_SECRET");
  if ((id === null) !== (secret === null))
    throw new ConfigError(
      id === null ? "FAIRWAY_CLIENT_ID" : "FAIRWAY_CLIENT_SECRET",
      "",
      "is missing: set both the client id and the secret, or neither",
    );
  const path = join(dataDir, "credentials.json");
  if (id !== null && secret !== null) {
    if (secret.length < 16)
      throw new ConfigError("FAIRWAY_CLIENT_SECRET", "", "must have at least 16 characters");
    writeFileSync(path, `${JSON.stringify({ clientId: id, clientSecret: secret })}\n`, { mode: 0o600 });
    // The mode above counts for a new file only.
    chmodSync(path, 0o600);
    return { clientId: id, clientSecret: secret };
  }
  const kept = generateOnce(path, () =>
    JSON.stringify({
      clientId: randomBytes(12).toString("hex"),
      clientSecret: randomBytes(32).toString("base64url"),
    }),
  );
  try {
    const { clientId, clientSecret } = JSON.parse(kept) as { clientId?: unknown; clientSecret?: unknown };
    if (typeof clientId === "string" && typeof clientSecret === "string") return { clientId, clientSecret };
  } catch {
    // told below
  }
  throw new ConfigError(
    "FAIRWAY_DATA",
    path,
    "does not hold {clientId, clientSecret}; remove it to make new ones",
  );
}

/**
 * Reads the file, or writes what `make` gives with mode 0600 when there is none. The file appears whole or not at all:
 * a start that is interrupted, or meets a full disk, must not leave an empty key behind.
 */
function generateOnce(path: string, make: () => string): string {
  if (!existsSync(path)) {
    const fresh = `${path}.${process.pid}.new`;
    try {
      writeFileSync(fresh, `${make()}\n`, { mode: 0o600, flush: true });
      linkSync(fresh, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(fresh, { force: true });
    }
  }
  return readFileSync(path, "utf8").trim();
}
