import { Checkbox } from "@mantine/core";
import type { StrategyInfo } from "./types.ts";

const NONE: readonly string[] = [];

/** One way to tell a deployment, to be ticked; says so at once when another that is ticked tells the same deployments. */
export function StrategyChoice({
  strategy: { id, title, description, insteadOf = NONE },
  all,
  chosen,
  onChange,
}: {
  strategy: StrategyInfo;
  all: readonly StrategyInfo[];
  /** Ids of those that are ticked. */
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  const isChosen = chosen.includes(id);
  const twin = isChosen
    ? all.find(
        (one) => chosen.includes(one.id) && (insteadOf.includes(one.id) || one.insteadOf?.includes(id)),
      )
    : undefined;
  return (
    <Checkbox
      label={title}
      description={description}
      error={twin && `With “${twin.title}” deployments are counted twice: choose one of the two.`}
      checked={isChosen}
      onChange={({ currentTarget: { checked } }) =>
        onChange(checked ? [...chosen, id] : chosen.filter((one) => one !== id))
      }
    />
  );
}
