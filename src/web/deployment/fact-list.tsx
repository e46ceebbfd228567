import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { doraModelQuery } from "../api/queries.ts";
import type { DeploymentAnswer } from "../api/types.ts";
import type { DeploymentWay } from "../lib/deployment-search.ts";
import { dateTime, duration, shortSha } from "../lib/format.ts";
import { EntityRef } from "../parts/entity-ref.tsx";
import { Tag } from "../parts/tag.tsx";
import css from "./deployment.module.css";
import { SafeLink } from "../parts/safe-link.tsx";

const CAUSES: Record<string, string> = {
  status: "Its status says it failed",
  incident: "It caused an incident",
  rollback: "It was rolled back",
  hotfix: "A hotfix or revert repaired it",
};
const REWORK: Record<string, string> = {
  rollback: "Rollback",
  hotfix: "Hotfix",
  revert: "Revert",
  incident: "Resolves an incident",
};

/** What, when, where, and the verdict with its reasons. */
export function FactList({
  answer,
  timezone,
  way,
}: {
  answer: DeploymentAnswer;
  timezone: string;
  way: DeploymentWay;
}) {
  const { deployment, previous, next } = answer;
  const blueprint = useQuery(doraModelQuery).data?.service.blueprint ?? "service";
  const took =
    deployment.startedAt === null
      ? null
      : (Date.parse(deployment.finishedAt) - Date.parse(deployment.startedAt)) / 1000;
  return (
    <div className={css["facts"]}>
      <section className="card" aria-labelledby="facts">
        <h2 id="facts">Deployment</h2>
        <dl className={css["list"]}>
          <Fact name="Service">
            <EntityRef blueprint={blueprint} identifier={deployment.service} />
          </Fact>
          <Fact name="Environment">{deployment.environment}</Fact>
          <Fact name="Finished">
            <time dateTime={deployment.finishedAt}>{dateTime(deployment.finishedAt, timezone)}</time>{" "}
            {timezone}
            {took !== null && took >= 0 ? <span className="muted"> · took {duration(took)}</span> : null}
          </Fact>
          <Fact name="Ref">{deployment.ref ?? "–"}</Fact>
          <Fact name="Commit">{deployment.sha ? <code>{shortSha(deployment.sha)}</code> : "unknown"}</Fact>
          <Fact name="Previous">
            <OtherDeployment
              id={identifier(previous) ?? deployment.previous}
              way={way}
              none="none, this is the first"
            />
          </Fact>
          <Fact name="Next">
            <OtherDeployment id={identifier(next)} way={way} none="none yet" />
          </Fact>
          {deployment.url ? (
            <Fact name="Source">
              <SafeLink href={deployment.url}>{deployment.url}</SafeLink>
            </Fact>
          ) : null}
        </dl>
      </section>
      <section className="card" aria-labelledby="verdict">
        <h2 id="verdict">Verdict</h2>
        <div className={`row ${css["tags"]}`}>
          {deployment.failed ? <Tag tone="bad">Failed</Tag> : <Tag tone="good">Did not fail</Tag>}
          {deployment.isRollback ? <Tag tone="warn">Rollback</Tag> : null}
          {deployment.rework.length > 0 ? <Tag tone="warn">Rework</Tag> : null}
          <Tag>Status: {deployment.status}</Tag>
        </div>
        <ul className={css["reasons"]}>
          {deployment.causes.map(({ cause, by, detail }) => (
            <Reason key={`${cause}/${detail}`} title={CAUSES[cause] ?? cause} detail={detail}>
              {by !== null && cause !== "incident" ? <OtherDeployment id={by} way={way} none="" /> : null}
            </Reason>
          ))}
          {deployment.failed ? (
            <Reason
              title={deployment.restoredAt ? "Service restored" : "Service not restored yet"}
              detail={
                deployment.restoredAt
                  ? `${dateTime(deployment.restoredAt, timezone)}, after ${duration(
                      (Date.parse(deployment.restoredAt) - Date.parse(deployment.finishedAt)) / 1000,
                    )}`
                  : "Its recovery time is counted as “at least so long”."
              }
            >
              <OtherDeployment id={deployment.restoredBy} way={way} none="" />
            </Reason>
          ) : null}
          {deployment.rework.map(({ reason, repairs, detail }) => (
            <Reason
              key={`${reason}/${detail}`}
              title={`Made to repair: ${REWORK[reason] ?? reason}`}
              detail={detail}
            >
              <OtherDeployment id={repairs} way={way} none="" />
            </Reason>
          ))}
          {!deployment.failed && deployment.rework.length === 0 ? (
            <Reason
              title="Nothing speaks against it"
              detail="No failing status, incident, rollback, hotfix or revert."
            />
          ) : null}
        </ul>
      </section>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Reason({ title, detail, children }: { title: string; detail: string; children?: ReactNode }) {
  return (
    <li>
      <strong>{title}</strong>
      <div className="muted">
        {detail} {children}
      </div>
    </li>
  );
}

function identifier(value: string | { id: string } | null): string | null {
  return typeof value === "object" && value !== null ? value.id : value;
}

function OtherDeployment({ id, way, none }: { id: string | null; way: DeploymentWay; none: string }) {
  if (id === null) return none;
  return (
    <Link to="/dora/deployments/$id" params={{ id }} search={way}>
      {id}
    </Link>
  );
}
