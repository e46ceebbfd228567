import { IconCheck, IconListCheck, IconMinus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type BlueprintDoc, type Column, columnsOf, type EntityDoc } from "../catalog/blueprint.ts";
import { count } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Meter } from "../parts/meter.tsx";
import { Compared, NoData, queryText } from "./condition-text.tsx";
import { EntityMoves } from "./level-moves.tsx";
import { isUnjudged, isWithoutData } from "./level-parts.ts";
import { LevelTag } from "./level-tag.tsx";
import { blueprintScorecardsQuery } from "./queries.ts";
import css from "./scorecards.module.css";
import type { RuleDoc, ScorecardDoc, ScoreDoc } from "./types.ts";

/** The levels of an entity: why this one, and what the next one needs. */
export function EntityScores({ blueprint, entity }: { blueprint: BlueprintDoc; entity: EntityDoc }) {
  const scorecards = useQuery(blueprintScorecardsQuery(blueprint.identifier));
  if (scorecards.data === undefined)
    return scorecards.error ? (
      <ErrorPanel
        what="load the scorecards"
        error={scorecards.error}
        onRetry={() => void scorecards.refetch()}
      />
    ) : (
      <Bone height={280} />
    );
  if (scorecards.data.length === 0)
    return (
      <Empty icon={IconListCheck} title="This blueprint has no scorecards.">
        <Link to="/scorecards">All scorecards</Link>
      </Empty>
    );
  return (
    <div className="stack">
      {scorecards.data.map((scorecard) => (
        <Score key={scorecard.identifier} scorecard={scorecard} blueprint={blueprint} entity={entity} />
      ))}
    </div>
  );
}

function Score({
  scorecard,
  blueprint,
  entity,
}: {
  scorecard: ScorecardDoc;
  blueprint: BlueprintDoc;
  entity: EntityDoc;
}) {
  const { identifier, title, levels } = scorecard;
  const score = entity.scorecards?.[identifier];
  const passed = new Set(
    score?.rules.filter(({ status }) => status === "SUCCESS").map((rule) => rule.identifier),
  );
  const columns = columnsOf(blueprint);
  const next = score === undefined ? null : nextLevel(scorecard, passed);
  const resultOf = (rule: RuleDoc): Result =>
    passed.has(rule.identifier) ? "passed" : isWithoutData(rule.query, entity) ? "no-data" : "failed";
  const rows = levels.flatMap((level) => scorecard.rules.filter((rule) => rule.level === level.title));
  const blank = rows.filter((rule) => resultOf(rule) === "no-data").length;
  const unjudged = isUnjudged(scorecard, entity);
  return (
    <section className="card" aria-labelledby={`score-${identifier}`}>
      <div className="row between">
        <h2 id={`score-${identifier}`}>
          <Link to="/scorecards/$blueprint/$id" params={{ blueprint: blueprint.identifier, id: identifier }}>
            {title}
          </Link>
        </h2>
        {score === undefined ? null : (
          <span className="row">
            <span className="muted small">
              {passed.size} of {rows.length} rules{blank === 0 ? "" : `, ${count(blank)} without data`}
            </span>
            <LevelTag level={score.level} scorecard={scorecard} entity={entity} />
          </span>
        )}
      </div>
      {score === undefined ? (
        <p className="muted">
          {scorecard.filter
            ? "Not in the scope of this scorecard, or not looked at yet."
            : "Not looked at yet."}
        </p>
      ) : (
        <>
          <p className={css["next"]}>
            {unjudged ? `Counts as ${score.level} until there is data. ` : null}
            {nextText(score, next)}
          </p>
          {levels.map((level) => {
            const own = rows.filter((rule) => rule.level === level.title);
            const held = own.filter((rule) => passed.has(rule.identifier));
            // What is left to do comes first.
            const sorted = [...own.filter((rule) => !held.includes(rule)), ...held];
            return own.length === 0 ? null : (
              <section key={level.title} aria-label={level.title} style={{ marginTop: 14 }}>
                <h3 className="row" style={{ marginBottom: 6 }}>
                  <LevelTag level={level.title} scorecard={scorecard} />
                  <span className="muted small">
                    {held.length} of {own.length}
                  </span>
                </h3>
                <Meter
                  value={held.length / own.length}
                  label={`Rules of ${level.title} that hold`}
                  tone="good"
                />
                <ul className={css["rules"]}>
                  {sorted.map((rule) => (
                    <RuleLine
                      key={rule.identifier}
                      rule={rule}
                      columns={columns}
                      entity={entity}
                      result={resultOf(rule)}
                    />
                  ))}
                </ul>
              </section>
            );
          })}
        </>
      )}
      <EntityMoves scorecard={scorecard} entity={entity.identifier} />
    </section>
  );
}

type Result = "passed" | "failed" | "no-data";

/** A rule that has nothing to compare is shown as such: for the level it counts as not passed. */
function RuleLine({
  rule,
  columns,
  entity,
  result,
}: {
  rule: RuleDoc;
  columns: readonly Column[];
  entity: EntityDoc;
  result: Result;
}) {
  return (
    <li data-result={result}>
      {result === "passed" ? (
        <IconCheck size={17} aria-label="Passed" />
      ) : result === "failed" ? (
        <IconX size={17} aria-label="Not passed" />
      ) : (
        <IconMinus size={17} aria-label="No data" />
      )}
      <div>
        <strong>{rule.title}</strong>
        {rule.description ? <p className="muted small">{rule.description}</p> : null}
        <p className="small">
          {result === "passed" ? null : (
            <>
              <span className="muted">Needs </span>
              {queryText(rule.query, columns)}
              <br />
            </>
          )}
          {result === "no-data" ? (
            <NoData query={rule.query} columns={columns} />
          ) : (
            <Compared query={rule.query} columns={columns} entity={entity} />
          )}
        </p>
      </div>
    </li>
  );
}

interface Next {
  readonly level: string;
  readonly missing: readonly RuleDoc[];
}

/** The lowest level that a rule keeps the entity from; null: there is none. */
export function nextLevel({ levels, rules }: ScorecardDoc, passed: ReadonlySet<string>): Next | null {
  for (const { title } of levels) {
    const missing = rules.filter((rule) => rule.level === title && !passed.has(rule.identifier));
    if (missing.length > 0) return { level: title, missing };
  }
  return null;
}

function nextText({ level }: ScoreDoc, next: Next | null): string {
  if (next === null) return `${level}: every rule holds.`;
  const [only, ...others] = next.missing;
  return others.length === 0
    ? `One rule to ${next.level}: ${only?.title ?? ""}.`
    : `${next.missing.length} rules to ${next.level}: ${next.missing.map(({ title }) => title).join("; ")}.`;
}
