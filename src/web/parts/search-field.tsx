import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import css from "./parts.module.css";
import { useTyped } from "./use-typed.ts";

/** Narrows the list below it by a text that the address keeps. */
export function SearchField({
  label,
  placeholder = "Search",
  className = css["find"] ?? "",
  value,
  onChange,
}: {
  label: string;
  placeholder?: string;
  className?: string;
  value: string;
  /** A moment after the last key; it has to change the address as it is by then. */
  onChange: (text: string) => void;
}) {
  const [text, type] = useTyped(value, onChange);
  return (
    <TextInput
      className={className}
      size="xs"
      type="search"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={15} aria-hidden />}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}
