import labels from "../catalog/catalog.module.css";
import type { EntityDoc } from "../catalog/blueprint.ts";
import { Tag } from "../parts/tag.tsx";
import { isUnjudged } from "./level-parts.ts";
import type { ScorecardDoc } from "./types.ts";

/**
 * The name of a level; its colour only supports it.
 * @param entity whose level it is: one that is on the base level for want of data alone is not called by it
 */
export function LevelTag({
  level,
  scorecard,
  entity,
}: {
  level: string;
  scorecard: ScorecardDoc | undefined;
  entity?: EntityDoc;
}) {
  if (scorecard !== undefined && entity !== undefined && isUnjudged(scorecard, entity))
    return <Tag>No data</Tag>;
  const color = scorecard?.levels.find(({ title }) => title === level)?.color;
  return (
    <span className={labels["label"]} data-color={color}>
      {level}
    </span>
  );
}
