/** The end of a session: who has something unsaved may stay, and goes on when somebody is signed in again. */
import { useSyncExternalStore } from "react";

export interface SessionMeans {
  readonly isAnythingUnsaved: () => boolean;
  /** To the sign-in; who has something unsaved is asked first, and may stay. */
  readonly leave: () => void;
  /** Who the pages were read by; undefined: nobody knows. */
  readonly whoWas: () => string | undefined;
  /** Who is signed in now; rejects while nobody is. */
  readonly whoIs: () => Promise<string>;
  /** The same person is back. */
  readonly goOn: () => void;
  /** Another person is there: what is on the page is not theirs. */
  readonly startAnew: () => void;
}

/** Somebody stays on a page although the session is over. */
let isOver = false;
const listeners = new Set<() => void>();

function tell(next: boolean): void {
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

/** Asks once whether to leave when the session is over, and notices who comes after. */
export function followSession(means: SessionMeans) {
  let isLeaving = false;
  let isChecking = false;
  let before: string | undefined;
  return {
    /** An answer said that nobody is signed in. */
    expired(): void {
      const mayStay = means.isAnythingUnsaved();
      if (isOver && mayStay) return;
      if (!isLeaving) before = means.whoWas();
      isLeaving = true;
      tell(mayStay);
      means.leave();
    },
    /** Any other answer: somebody may be signed in again, in another tab. */
    async answered(): Promise<void> {
      if (!isOver || isChecking) return;
      isChecking = true;
      const now = await means.whoIs().catch(() => null);
      isChecking = false;
      if (now === null || !isOver) return;
      if (before !== undefined && now !== before) return means.startAnew();
      isLeaving = false;
      tell(false);
      means.goOn();
    },
    /** The sign-in takes the place of the page. @returns whether that is because the session is over */
    left(): boolean {
      const wasLeaving = isLeaving;
      isLeaving = false;
      if (isOver) tell(false);
      return wasLeaving;
    },
  };
}
