import { useBlocker } from "@tanstack/react-router";
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { LeaveQuestion, prepareLeaveQuestion } from "./leave-question-later.tsx";
import { countUnsaved } from "./unsaved-now.ts";

/** How many forms within have something that is saved nowhere; null outside of what asks. */
const Count = createContext<((by: 1 | -1) => void) | null>(null);

/**
 * In a form of a drawer: what was filled in is not lost by a slip.
 * @param value what the form would save, as JSON
 * @param before what it began with, where that is not the first value
 * @param savedAt another one: what stands there now is saved
 */
export function Unsaved({
  value,
  before = value,
  savedAt,
}: {
  value: unknown;
  before?: unknown;
  savedAt?: unknown;
}) {
  const text = JSON.stringify(value);
  const [first, setFirst] = useState(() => ({ text: JSON.stringify(before), savedAt }));
  if (first.savedAt !== savedAt) setFirst({ text, savedAt });
  const count = use(Count);
  const isChanged = first.text !== text;
  // Known before the next key is heard.
  useLayoutEffect(() => {
    if (!isChanged) return undefined;
    prepareLeaveQuestion();
    count?.(1);
    const end = countUnsaved();
    return () => {
      end();
      count?.(-1);
    };
  }, [isChanged, count]);
  return null;
}

/** What in an address holds a drawer open, or the table that has it. */
const HOLDING = ["action", "correct", "edit", "new", "note", "open", "v"];

const heldBy = (key: string, search: object): unknown => Object.getOwnPropertyDescriptor(search, key)?.value;

interface Guard {
  /** Asks first where something would be lost. */
  readonly close: () => void;
  /** Around the forms. */
  readonly within: (children: ReactNode) => ReactNode;
  /** What is asked, over what is to be closed; else null. */
  readonly question: ReactNode;
}

/**
 * Asks at Escape, ×, a click beside it, and before another page takes the place of this one, whichever way: by the browser,
 * a link, the palette, the end of the session. “Cancel” asks nothing; who goes on after saving, and who closes a drawer that
 * the address holds open, says `ignoreBlocker`.
 * A drawer within another one asks before it closes; the outer one asks for both before the page goes.
 */
export function useUnsavedGuard(onClose: () => void): Guard {
  const changed = useRef(0);
  const [isChanged, setIsChanged] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const outer = use(Count);
  const count = useCallback(
    (by: 1 | -1) => {
      changed.current += by;
      // What was asked was not about this.
      if (by === 1 && changed.current === 1) setIsAsking(false);
      setIsChanged(changed.current > 0);
      outer?.(by);
    },
    [outer],
  );
  const leaving = useBlocker({
    // Within a page, what else is chosen is kept in the address too.
    shouldBlockFn: ({ action, current, next }) =>
      (action !== "PUSH" && action !== "REPLACE") ||
      current.pathname !== next.pathname ||
      HOLDING.some((key) => heldBy(key, current.search) !== heldBy(key, next.search)),
    disabled: !isChanged || outer !== null,
    withResolver: true,
  });
  const keep = (): void => {
    setIsAsking(false);
    leaving.reset?.();
  };
  const discard = (): void => {
    if (leaving.proceed === undefined) onClose();
    else leaving.proceed();
  };
  const isAsked = isAsking || leaving.status === "blocked";
  const goOn = useEffectEvent(discard);
  // Saved while it was asked: nothing is lost any more by what they wanted.
  useEffect(() => {
    if (isAsked && !isChanged) goOn();
  }, [isAsked, isChanged]);
  return {
    close: () => (changed.current > 0 ? setIsAsking(true) : onClose()),
    within: (children) => <Count value={count}>{children}</Count>,
    question:
      isAsked && isChanged ? <LeaveQuestion next={leaving.next} onKeep={keep} onDiscard={discard} /> : null,
  };
}
