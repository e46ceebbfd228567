/** Live hints from the server: what changed is fetched again; without a connection the pages poll. */
import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { refetcher } from "./refetch.ts";

const LiveContext = createContext(false);
let isOpenNow = false;

/** Keys that a hint makes stale, and how long to gather further hints before fetching (ms). */
const HINTS: readonly { event: string; keys: readonly QueryKey[]; wait: number }[] = [
  {
    event: "import",
    keys: [
      ["dora", "imports"],
      ["dora", "setup"],
      ["dora", "status"],
    ],
    wait: 500,
  },
  { event: "dora", keys: [["dora"]], wait: 2000 },
  // Of what DORA reads of them it tells by itself, when its numbers are worked out.
  { event: "derived", keys: [["entities"]], wait: 2000 },
  {
    event: "change",
    keys: [
      ["dora", "setup"],
      ["blueprints"],
      ["entities"],
      ["events"],
      ["actions"],
      ["runs"],
      ["alerts"],
      ["notes"],
    ],
    wait: 2000,
  },
];

const RECONNECT_MS = 10_000;

/** Opens `/v1/live` while its children are mounted. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);

  useEffect(() => {
    /** By key: a change and what follows from it are fetched once. */
    const waiting = new Map<string, { at: number; timer: ReturnType<typeof setTimeout> }>();
    let source: EventSource | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    let missed = false;

    const refetch = refetcher(client);
    const refetchSoon = (queryKey: QueryKey, wait: number) => {
      const name = queryKey.join();
      const known = waiting.get(name);
      const at = performance.now() + wait;
      if (known !== undefined && known.at <= at) return;
      clearTimeout(known?.timer);
      const timer = setTimeout(() => {
        waiting.delete(name);
        refetch(queryKey);
      }, wait);
      waiting.set(name, { at, timer });
    };
    const connect = () => {
      source = new EventSource("/v1/live");
      source.addEventListener("open", () => {
        isOpenNow = true;
        setOpen(true);
        // Whatever happened without a connection was hinted at to nobody.
        if (missed)
          for (const { keys } of HINTS)
            // What is still being asked for may have been asked on a connection that is gone.
            for (const queryKey of keys) void client.invalidateQueries({ queryKey });
        missed = false;
      });
      source.addEventListener("error", () => {
        isOpenNow = false;
        setOpen(false);
        missed = true;
        // The browser tries again by itself, but not after an answer such as a proxy's 502.
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(connect, RECONNECT_MS);
      });
      for (const { event, keys, wait } of HINTS) {
        source.addEventListener(event, () => keys.forEach((key) => refetchSoon(key, wait)));
      }
    };
    connect();
    return () => {
      source?.close();
      clearTimeout(again);
      for (const { timer } of waiting.values()) clearTimeout(timer);
    };
  }, [client]);

  return <LiveContext value={open}>{children}</LiveContext>;
}

/** Whether hints arrive. */
export const useIsLive = (): boolean => use(LiveContext);

/** As `useFollow`, read when it is needed: pages that only sometimes ask are not drawn anew when the connection opens. */
export const followNow = (): number => (isOpenNow ? 10_000 : 2000);

/** `refetchInterval` for a query that should follow the server: slow while hints arrive, fast without them. */
export function useFollow(): number {
  return use(LiveContext) ? 10_000 : 2000;
}
