import { Textarea } from "@mantine/core";
import { useState } from "react";

/** A part of a document as JSON; it is taken as soon as it is some. */
export function JsonText({
  label,
  about = null,
  value,
  onChange,
}: {
  label: string;
  about?: string | null;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const shown = value === undefined ? "" : JSON.stringify(value, null, 2);
  const [typed, setTyped] = useState({ of: shown, text: shown });
  const [problem, setProblem] = useState<string | null>(null);
  // Changed from elsewhere (the JSON of the whole document).
  if (typed.of !== shown) {
    setTyped({ of: shown, text: shown });
    setProblem(null);
  }
  return (
    <Textarea
      label={label}
      description={about}
      autosize
      minRows={3}
      maxRows={14}
      styles={{ input: { fontFamily: "var(--mono)", fontSize: 12.5 } }}
      error={problem}
      value={typed.text}
      onChange={(event) => {
        const text = event.currentTarget.value;
        if (text.trim() === "") {
          setTyped({ of: "", text });
          setProblem(null);
          return onChange(undefined);
        }
        try {
          const next: unknown = JSON.parse(text);
          setTyped({ of: JSON.stringify(next, null, 2), text });
          setProblem(null);
          onChange(next);
        } catch (error) {
          setTyped({ of: shown, text });
          setProblem(error instanceof Error ? error.message : "This is not JSON.");
        }
      }}
    />
  );
}
