/** Sends at a steady rate, whether or not answers keep up: as other systems do. */
import { setTimeout as sleep } from "node:timers/promises";

const TICK_MS = 10;

/**
 * @param perSecond how many
 * @param isOver asked all the time
 * @returns how many were sent, once all of them have been answered
 */
export async function steadily(
  perSecond: number,
  isOver: () => boolean,
  send: (n: number) => Promise<void>,
): Promise<number> {
  const open = new Set<Promise<void>>();
  const started = performance.now();
  let sent = 0;
  while (!isOver()) {
    const due = ((performance.now() - started) * perSecond) / 1000;
    for (; sent < due; sent += 1) {
      const one = send(sent);
      open.add(one);
      void one.finally(() => open.delete(one));
    }
    await sleep(TICK_MS);
  }
  await Promise.all(open);
  return sent;
}
