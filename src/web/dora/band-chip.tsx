import { UnstyledButton } from "@mantine/core";
import type { Band } from "../api/types.ts";
import { benchmarkInfo, TIERS } from "../lib/metric-info.ts";
import { OpensPopover } from "../parts/opens.tsx";
import css from "./dora.module.css";

/** Where the value sits in a named benchmark; its source and caveat open by mouse, touch and keyboard. */
export function BandChip({ band, few, title }: { band: Band | undefined; few: boolean; title: string }) {
  const benchmark = benchmarkInfo(band?.benchmark ?? "dora-2024");
  const tier = band?.tier ? TIERS[band.tier] : null;
  const label = few ? "Too few to judge" : (tier?.label ?? "No band");
  return (
    <OpensPopover
      width={300}
      position="bottom-start"
      withArrow
      trapFocus={false}
      returnFocus
      className={css["pop"] ?? ""}
      label={`About the band of ${title}`}
      button={
        <UnstyledButton className={css["band"]} data-print>
          {tier && !few ? (
            <span className={css["steps"]} aria-hidden>
              {[1, 2, 3, 4].map((step) => (
                <i key={step} data-on={step <= tier.level} />
              ))}
            </span>
          ) : null}
          <span>{label}</span>{" "}
          {tier && !few ? <span className={css["edition"]}>{benchmark.name}</span> : null}
          <span className="sr">: {title}, about this band</span>
        </UnstyledButton>
      }
    >
      {() => (
        <>
          <strong>
            {few
              ? "Too few to judge"
              : tier
                ? `${tier.label} in ${benchmark.name}`
                : `No band in ${benchmark.name}`}
          </strong>
          {few ? (
            <p>Fewer than 10 in this window: a band would be guesswork. Choose a longer window.</p>
          ) : null}
          {band?.note && !few ? <p>{band.note}</p> : null}
          <p>{benchmark.caveat}</p>
        </>
      )}
    </OpensPopover>
  );
}
