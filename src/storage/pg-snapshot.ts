/** Which transactions a `pg_snapshot` sees: those that had ended when it was taken. */

/** @param text as PostgreSQL writes it: `xmin:xmax:` and the running ones in between. @returns whether it sees one */
export function seenBy(text: string): (xid: string) => boolean {
  const [xmin = "0", xmax = "0", running = ""] = text.split(":");
  const [first, end] = [BigInt(xmin), BigInt(xmax)];
  const isRunning = new Set(running === "" ? [] : running.split(",").map(BigInt));
  return (xid) => {
    const id = BigInt(xid);
    return id < first || (id < end && !isRunning.has(id));
  };
}
