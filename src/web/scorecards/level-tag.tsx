import labels from "../catalog/catalog.module.css";
import type { ScorecardDoc } from "./types.ts";

/** The name of a level; its colour only supports it. */
export function LevelTag({ level, scorecard }: { level: string; scorecard: ScorecardDoc | undefined }) {
  const color = scorecard?.levels.find(({ title }) => title === level)?.color;
  return (
    <span className={labels["label"]} data-color={color}>
      {level}
    </span>
  );
}
