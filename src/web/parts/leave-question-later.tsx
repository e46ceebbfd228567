import { type ComponentProps, lazy, Suspense } from "react";
import type { LeaveQuestion as Question } from "./leave-question.tsx";

const load = () => import("./leave-question.tsx");
const Later = lazy(async () => ({ default: (await load()).LeaveQuestion }));

/** Fetched with the first change, for when it is asked: dialogs are no part of a page that nobody has changed. */
export function prepareLeaveQuestion(): void {
  void load().catch(() => undefined);
}

export function LeaveQuestion(props: ComponentProps<typeof Question>) {
  return (
    <Suspense>
      <Later {...props} />
    </Suspense>
  );
}
