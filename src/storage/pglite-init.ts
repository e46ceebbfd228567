/**
 * Creates the embedded database's files, as a process of its own: initdb in WebAssembly needs over 1 GB for a few
 * seconds (measured), which the server must not keep.
 */
import { PGlite } from "@electric-sql/pglite";

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error("usage: pglite-init.ts DIRECTORY");
const db = await PGlite.create(dataDir);
await db.close();
