import { useBlocker } from "@tanstack/react-router";
import { createContext, type ReactNode, use, useLayoutEffect, useRef, useState } from "react";
import { LeaveQuestion, prepareLeaveQuestion } from "./leave-question-later.tsx";

/** How many forms within have something that is saved nowhere. */
const Count = createContext<(by: 1 | -1) => void>(() => undefined);

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
    count(1);
    return () => count(-1);
  }, [isChanged, count]);
  return null;
}

interface Guard {
  /** Asks first where something would be lost. */
  readonly close: () => void;
  /** Around the forms. */
  readonly within: (children: ReactNode) => ReactNode;
  /** What is asked, over what is to be closed; else null. */
  readonly question: ReactNode;
}

/** Closing by Escape, ×, a click beside it, and going back or away with the browser. Saving and “Cancel” ask nothing. */
export function useUnsavedGuard(onClose: () => void): Guard {
  const changed = useRef(0);
  const [isChanged, setIsChanged] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const [count] = useState(() => (by: 1 | -1) => {
    changed.current += by;
    setIsChanged(changed.current > 0);
  });
  // Navigation by the application itself (after saving, by a choice within the drawer) is meant.
  const leaving = useBlocker({
    shouldBlockFn: ({ action }) => action !== "PUSH" && action !== "REPLACE",
    disabled: !isChanged,
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
  const isOpen = isChanged && (isAsking || leaving.status === "blocked");
  return {
    close: () => (changed.current > 0 ? setIsAsking(true) : onClose()),
    within: (children) => <Count value={count}>{children}</Count>,
    question: isOpen ? <LeaveQuestion onKeep={keep} onDiscard={discard} /> : null,
  };
}
