/** What a backup says of itself in its `manifest.json`: written by the server, read by `fairway restore`. */
import { invalid } from "./error.ts";
import { isObject } from "./json.ts";

export interface BackupManifest {
  readonly format: 1;
  /** Of the program that made it. */
  readonly version: string;
  /** ISO. */
  readonly createdAt: string;
  /** The secret key is a setting of the server and not in the backup, or it is. */
  readonly hasKey: boolean;
  readonly bytes: number;
  /** SHA-256 in hex by path, with `/` between folders. */
  readonly files: Readonly<Record<string, string>>;
}

export const BACKUP_MANIFEST = "manifest.json";
/** Beside the folder of the database. */
export const BACKUP_KEYS = ["secret.key", "secret.key.old", "credentials.json"] as const;

/** @throws AppError invalid_request */
export function readBackupManifest(value: unknown): BackupManifest {
  if (!isObject(value)) throw invalid(`${BACKUP_MANIFEST} must hold an object`);
  const { format, version, createdAt, hasKey, bytes, files } = value;
  if (format !== 1) throw invalid(`${BACKUP_MANIFEST}: format ${JSON.stringify(format)} must be 1`);
  if (
    typeof version !== "string" ||
    typeof createdAt !== "string" ||
    typeof hasKey !== "boolean" ||
    typeof bytes !== "number" ||
    !isObject(files)
  )
    throw invalid(`${BACKUP_MANIFEST} must have version, createdAt, hasKey, bytes and files`);
  for (const [path, hash] of Object.entries(files)) {
    const isInside =
      /^(database\/[\w./-]+|secret\.key(\.old)?|credentials\.json)$/.test(path) && !path.includes("..");
    if (!isInside)
      throw invalid(`${BACKUP_MANIFEST}: ${JSON.stringify(path.slice(0, 200))} belongs to no backup`);
    if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash))
      throw invalid(`${BACKUP_MANIFEST}: the hash of ${path} is none`);
  }
  if (files["database/PG_VERSION"] === undefined) throw invalid(`${BACKUP_MANIFEST} names no database`);
  return { format, version, createdAt, hasKey, bytes, files: files as Readonly<Record<string, string>> };
}
