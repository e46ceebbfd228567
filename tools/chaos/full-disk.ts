/** The disk of the database, full: everything that is left of it is taken by one file. */
import { open, rm } from "node:fs/promises";
import { join } from "node:path";

const PIECE = Buffer.alloc(1_048_576);

/** @returns what gives the space back */
export async function fillDisk(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "ballast");
  const file = await open(path, "w");
  try {
    // Pages that are left are taken one by one.
    for (let size = PIECE.length; size > 0;)
      try {
        await file.write(PIECE, 0, size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        size = size > 4096 ? 4096 : 0;
      }
  } finally {
    await file.close();
  }
  return () => rm(path);
}
