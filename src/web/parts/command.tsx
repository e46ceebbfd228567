import { ActionIcon } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import css from "./parts.module.css";

/** Text to paste into a terminal, with a copy button. `label` names what is copied. */
export function Command({ text, label }: { text: string; label: string }) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <div className={css["command"]}>
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <ActionIcon size={28} aria-label={`Copy ${label}`} onClick={() => clipboard.copy(text)}>
        {clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
      </ActionIcon>
      <span className="sr" role="status">
        {clipboard.copied ? "Copied" : ""}
      </span>
    </div>
  );
}
