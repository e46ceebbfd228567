import { useState } from "react";

/** Which dialog of a list is open, and for which row; `null`: for a new one. */
export function useOpened<Kind extends string, Row>() {
  const [opened, setOpened] = useState<{ readonly kind: Kind; readonly row: Row } | null>(null);
  return {
    opened,
    /** For the menu of a row. */
    open: (kind: Kind, row: Row) => () => setOpened({ kind, row }),
    close: () => setOpened(null),
  };
}
