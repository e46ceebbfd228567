import { UnstyledButton } from "@mantine/core";
import type { Band } from "../api/types.ts";
import { benchmarkInfo, TIERS } from "../lib/metric-info.ts";
import { OpensPopover } from "../parts/opens.tsx";
import css from "./dora.module.css";

/** Where the value sits in a named benchmark; its source and caveat open by mouse, touch and keyboard. */
export function BandChip({
  band,
  few,
  isThin,
  title,
}: {
  band: Band | undefined;
  /** What there is too little of; null: enough. */
  few: string | null;
  /** What is known is less than the floor. */
  isThin: boolean;
  title: string;
}) {
  const benchmark = benchmarkInfo(band?.benchmark ?? "dora-2024");
  const isJudged = few === null && !isThin;
  const tier = isJudged && band?.tier ? TIERS[band.tier] : null;
  const label = few !== null ? "Too few to judge" : isThin ? "Too little known" : (tier?.label ?? "No band");
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
          {tier ? (
            <span className={css["steps"]} aria-hidden>
              {[1, 2, 3, 4].map((step) => (
                <i key={step} data-on={step <= tier.level} />
              ))}
            </span>
          ) : null}
          <span>{label}</span> {tier ? <span className={css["edition"]}>{benchmark.name}</span> : null}
          <span className="sr">: {title}, about this band</span>
        </UnstyledButton>
      }
    >
      {() => (
        <>
          <strong>
            {tier ? `${tier.label} in ${benchmark.name}` : isJudged ? `No band in ${benchmark.name}` : label}
          </strong>
          {few === null ? null : (
            <p>
              {title} has {few}: with fewer in the window a band would be guesswork. Choose a longer one.
            </p>
          )}
          {few === null && isThin ? (
            <p>Too much of this window is not known: see the note at the number.</p>
          ) : null}
          {band?.note && isJudged ? <p>{band.note}</p> : null}
          <p>{benchmark.caveat}</p>
          {isJudged ? (
            <p>
              Scorecards can say another level: their rules look at properties, of the last 30 days in the
              delivery targets, up to the merge and by status alone.
            </p>
          ) : null}
        </>
      )}
    </OpensPopover>
  );
}
