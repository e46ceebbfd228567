import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { blueprintsQuery } from "../api/queries.ts";
import type { Coverage } from "../api/types.ts";
import { count, percent, plural } from "../lib/format.ts";
import { Ago } from "../parts/ago.tsx";
import { Tag } from "../parts/tag.tsx";
import css from "./dora.module.css";

interface Props {
  readonly coverage: Coverage;
  readonly busy: boolean;
  readonly stale: boolean;
}

/** How much the numbers rest on, and whether more is on its way. */
export function CoverageStrip({ coverage, busy, stale }: Props) {
  const { mergedChanges, attributedChanges, incidents, linkedIncidents, pending = 0, sources } = coverage;
  const { data: blueprints = [] } = useQuery(blueprintsQuery);
  const nameOf = (identifier: string): string =>
    blueprints.find((one) => one.identifier === identifier)?.title ?? identifier;
  const share = mergedChanges > 0 ? ` (${percent(attributedChanges / mergedChanges)})` : "";
  return (
    <section className={css["strip"]} aria-label="Data quality" aria-busy={busy}>
      {stale ? (
        <span role="status">
          <Tag>Loading the numbers of this choice</Tag>
        </span>
      ) : null}
      {pending > 0 ? (
        <span role="status">
          <Tag tone="warn">Updating: {plural(pending, "fact")} not yet in the numbers</Tag>
        </span>
      ) : null}
      <span>
        <b>{count(mergedChanges)}</b> {mergedChanges === 1 ? "change" : "changes"} merged in this window,{" "}
        <b>{count(attributedChanges)}</b> of them shipped by now{share}
      </span>
      {incidents > 0 ? (
        <span>
          <b>{count(incidents)}</b> {incidents === 1 ? "incident" : "incidents"} began in this window,{" "}
          <b>{count(linkedIncidents)}</b> caused by a deployment
        </span>
      ) : null}
      <span className={css["sources"]}>
        {sources.length > 0 ? "Sources of the whole portal: " : "No source has reported yet"}
        {sources.map(({ role, blueprint, rows, excluded, lastEventAt }, index) => (
          <Fragment key={`${role}/${blueprint}`}>
            {index > 0 ? "; " : ""}
            {role === blueprint ? "" : `${role}: `}
            {nameOf(blueprint)} <b>{count(rows)}</b> {rows === 1 ? "row" : "rows"}
            {excluded > 0 ? `, ${count(excluded)} left out` : ""}
            {lastEventAt ? (
              <>
                , newest <Ago iso={lastEventAt} />
              </>
            ) : null}
          </Fragment>
        ))}
      </span>
    </section>
  );
}
