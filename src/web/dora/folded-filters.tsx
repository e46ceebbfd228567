import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconFilter } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type Chip, Chips } from "../parts/chips.tsx";
import { OpensPopover } from "../parts/opens.tsx";
import css from "./filter-bar.module.css";

/** Filters in a row; on a phone behind one button, with what is chosen beside it. */
export function FoldedFilters({ chips, children }: { chips: readonly Chip[]; children: ReactNode }) {
  const isPhone = useMediaQuery("(max-width: 600px)", false, { getInitialValueInEffect: false });
  return isPhone ? (
    <search className="row" aria-label="Filters">
      <OpensPopover
        position="bottom-start"
        width={360}
        // The keyboard of a phone, or a long form, moves the button out of sight.
        hideDetached={false}
        trapFocus
        label="Filters"
        className={css["folded"]}
        button={
          <Button variant="default" size="xs" leftSection={<IconFilter size={15} aria-hidden />}>
            {chips.length === 0 ? "Filters" : `Filters (${chips.length})`}
          </Button>
        }
      >
        {() => (
          // Not the first field: its list would open over all others.
          <div className={css["bar"]} data-autofocus tabIndex={-1}>
            {children}
          </div>
        )}
      </OpensPopover>
      <Chips label="Filters in effect" chips={chips} />
    </search>
  ) : (
    <search className={css["bar"]} aria-label="Filters">
      {children}
    </search>
  );
}
