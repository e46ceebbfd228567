/** Which transactions a `pg_snapshot` sees: those that had ended when it was taken. */

/** @param text as PostgreSQL writes it: `xmin:xmax:` and the running ones in between. @returns whether it sees one */
export function seenBy(text: string): (xid: string) => boolean {
  const [xmin = "0", xmax = "0", running = ""] = text.split(":");
  const [first, end] = [numberOf(xmin), numberOf(xmax)];
  const isRunning = new Set(running.split(","));
  return (xid) => {
    const id = numberOf(xid);
    return id < first || (id < end && !isRunning.has(xid));
  };
}

/** Of these many are compared: big integers cost more, and no server has come as far as to need them. */
function numberOf(xid: string): number | bigint {
  return xid.length < 16 ? Number(xid) : BigInt(xid);
}
