import { useSyncExternalStore } from "react";

/** Somebody stays on a page although the session is over. */
let isOver = false;
const listeners = new Set<() => void>();

export function setSessionOver(next: boolean): void {
  isOver = next;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const isSessionOver = (): boolean => isOver;

/** As `isSessionOver`, for what is drawn. */
export const useIsSessionOver = (): boolean => useSyncExternalStore(listen, isSessionOver);
