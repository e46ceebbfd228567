import { useBlocker } from "@tanstack/react-router";
import { useEffect } from "react";
import { LeaveQuestion, prepareLeaveQuestion } from "./leave-question-later.tsx";
import { SessionBar } from "./session-bar.tsx";
import { countUnsaved } from "./unsaved-now.ts";

/** In a form that is a page or a tab of one: asks before another one takes its place. */
export function UnsavedOnPage({ isChanged }: { isChanged: boolean }) {
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      current.pathname !== next.pathname || tabOf(current.search) !== tabOf(next.search),
    disabled: !isChanged,
    withResolver: true,
  });
  useEffect(() => {
    if (!isChanged) return undefined;
    prepareLeaveQuestion();
    return countUnsaved();
  }, [isChanged]);
  return (
    <>
      {isChanged ? <SessionBar /> : null}
      {leaving.status === "blocked" ? (
        <LeaveQuestion next={leaving.next} onKeep={leaving.reset} onDiscard={leaving.proceed} />
      ) : null}
    </>
  );
}

const tabOf = (search: object): unknown => ("tab" in search ? search.tab : undefined);
