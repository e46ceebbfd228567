/** `server.json` of the data folder tells programs of this machine where the server is. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Says it. Several processes on PostgreSQL may have one data folder: the one that started last is told of, and each removes what
 * is its own.
 * @returns what takes it back
 */
export function writeServerFile(
  dataDir: string,
  told: { readonly url: string; readonly page: string },
): () => void {
  const path = join(dataDir, "server.json");
  const text = `${JSON.stringify({ ...told, pid: process.pid })}\n`;
  writeFileSync(path, text, { mode: 0o600 });
  return () => {
    try {
      if (readFileSync(path, "utf8") === text) rmSync(path);
    } catch {
      // It is gone already.
    }
  };
}
