/** The end of a session: who has something unsaved may stay, and goes on when somebody is signed in again. */
import { isSessionOver, setSessionOver } from "./session-over.ts";

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

/** Asks once whether to leave when the session is over, and notices who comes after. */
export function followSession(means: SessionMeans) {
  let isLeaving = false;
  let isChecking = false;
  let before: string | undefined;
  return {
    /** An answer said that nobody is signed in. */
    expired(): void {
      const mayStay = means.isAnythingUnsaved();
      if (isSessionOver() && mayStay) return;
      if (!isLeaving) before = means.whoWas();
      isLeaving = true;
      setSessionOver(mayStay);
      means.leave();
    },
    /** The same, to something that was written where leaving would not ask: it stays until it is saved. */
    stayed(): void {
      if (!isSessionOver()) before = means.whoWas();
      setSessionOver(true);
    },
    /** Any other answer: somebody may be signed in again, in another tab. */
    async answered(): Promise<void> {
      if (!isSessionOver() || isChecking) return;
      isChecking = true;
      const now = await means.whoIs().catch(() => null);
      isChecking = false;
      if (now === null || !isSessionOver()) return;
      if (before !== undefined && now !== before) return means.startAnew();
      isLeaving = false;
      setSessionOver(false);
      means.goOn();
    },
    /** The sign-in takes the place of the page. @returns whether that is because the session is over */
    left(): boolean {
      const wasLeaving = isLeaving;
      isLeaving = false;
      if (isSessionOver()) setSessionOver(false);
      return wasLeaving;
    },
  };
}
