import type { RunDoc, RunStatus } from "../actions/types.ts";
import { Tag } from "../parts/tag.tsx";

export const STATUS_WORDS: Readonly<Record<RunStatus, string>> = {
  IN_PROGRESS: "In progress",
  SUCCESS: "Succeeded",
  FAILURE: "Failed",
  WAITING_FOR_APPROVAL: "Waits for approval",
  DECLINED: "Declined",
};

const TONES: Readonly<Record<RunStatus, "good" | "bad" | "warn" | undefined>> = {
  IN_PROGRESS: undefined,
  SUCCESS: "good",
  FAILURE: "bad",
  WAITING_FOR_APPROVAL: "warn",
  DECLINED: "bad",
};

export function StatusTag({ run: { status } }: { run: Pick<RunDoc, "status"> }) {
  return <Tag tone={TONES[status]}>{STATUS_WORDS[status]}</Tag>;
}
