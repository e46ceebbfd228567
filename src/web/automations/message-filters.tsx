import { Button } from "@mantine/core";
import css from "../actions/actions.module.css";
import { Pick } from "../parts/pick.tsx";
import type { MessageFilter } from "./message-queries.ts";
import { CHANNEL_WORDS, KIND_WORDS, STATE_WORDS } from "./message-words.ts";

const some = (any: string, words: Readonly<Record<string, string>>) => [
  { value: "", label: any },
  ...Object.entries(words).map(([value, label]) => ({ value, label })),
];

/** Which messages are listed. */
export function MessageFilters({
  filter,
  onChange,
}: {
  filter: MessageFilter;
  onChange: (filter: MessageFilter) => void;
}) {
  const pick = (key: "state" | "kind" | "channel", label: string, data: ReturnType<typeof some>) => (
    <Pick
      size="xs"
      aria-label={label}
      value={filter[key] ?? ""}
      data={data}
      onChange={(value) => onChange({ ...filter, [key]: value || undefined })}
    />
  );
  return (
    <search className={css["toolbar"]} aria-label="Filters of messages">
      {pick("state", "Delivery", some("Delivered or not", STATE_WORDS))}
      {pick("kind", "What tells", some("From anything", KIND_WORDS))}
      {pick("channel", "Channel", some("Any channel", CHANNEL_WORDS))}
      {filter.of === undefined ? null : (
        <span className="small">
          of <code>{filter.of}</code>{" "}
          <Button size="compact-xs" variant="subtle" onClick={() => onChange({ ...filter, of: undefined })}>
            Those of all
          </Button>
        </span>
      )}
    </search>
  );
}
