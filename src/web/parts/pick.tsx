import { Select, type SelectProps } from "@mantine/core";
import { useState } from "react";

/**
 * A select that always has a value. Its list exists only while open, and Mantine reads the list's id while drawing
 * the field: drawn once more after opening, `aria-expanded` and `aria-controls` are right.
 */
export function Pick(props: Omit<SelectProps, "allowDeselect" | "onDropdownOpen">) {
  const [, redraw] = useState(0);
  return (
    <Select
      {...props}
      allowDeselect={false}
      onDropdownOpen={() => setTimeout(() => redraw((times) => times + 1), 0)}
    />
  );
}
