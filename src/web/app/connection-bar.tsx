import { IconCloudOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useIsLive } from "../api/live.tsx";
import { Ago } from "../parts/ago.tsx";
import css from "./shell.module.css";

/** Connections break for moments, at a restart and between networks for seconds: that is no news. */
const PATIENCE_MS = 8000;
const AGAIN_MS = 4000;
/** The longer it lasts, the less often it is asked; so too where a proxy keeps the live connection from opening, and all else is answered. */
const SELDOM_MS = 30_000;

const watchOnline = (onChange: () => void): (() => void) => {
  for (const event of ["online", "offline"]) window.addEventListener(event, onChange);
  return () => {
    for (const event of ["online", "offline"]) window.removeEventListener(event, onChange);
  };
};

/**
 * Says that what stands on the page may be old while nobody answers. Proxies may keep the live connection from opening at
 * all, so an answer of any kind counts.
 */
export function ConnectionBar() {
  const isOnline = useSyncExternalStore(watchOnline, () => navigator.onLine);
  const isLive = useIsLive();
  const [lostAt, setLostAt] = useState<string | null>(null);
  useEffect(() => {
    if (isLive && isOnline) return undefined;
    const began = new Date().toISOString();
    const timer = setTimeout(() => setLostAt(began), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLostAt(null);
    };
  }, [isLive, isOnline]);
  const isAnswered = useQuery({
    queryKey: ["answers"],
    queryFn: answers,
    enabled: isOnline && lostAt !== null,
    refetchInterval: ({ state }) =>
      state.data === true ? SELDOM_MS : Math.min(SELDOM_MS, AGAIN_MS * 2 ** state.dataUpdateCount),
    staleTime: 0,
    gcTime: 0,
  }).data;
  if (lostAt === null || (isOnline && isAnswered !== false)) return null;
  return (
    <div className={css["said"]} data-color="red" role="status">
      <IconCloudOff size={17} aria-hidden />
      <p>
        {isOnline ? "The server does not answer." : "You are offline."} What you see may be old: the
        connection was lost <Ago iso={lostAt} />. Nothing is saved until it is back; it is tried by itself.
      </p>
    </div>
  );
}

/** 502 to 504 come from a proxy in front of it. */
const answers = async (): Promise<boolean> => {
  try {
    const { status } = await fetch("/healthz", { cache: "no-store" });
    return status < 502 || status > 504;
  } catch {
    return false;
  }
};
