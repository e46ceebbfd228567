import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, type KeyboardEvent } from "react";
import { doraModelQuery } from "../api/queries.ts";
import type { DeploymentWay } from "../lib/deployment-search.ts";
import { dateTime, duration } from "../lib/format.ts";
import { EntityRef } from "../parts/entity-ref.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import type { Incident } from "./incident-queries.ts";
import css from "./incidents.module.css";
import { confidenceText, confirmation, methodText, reasonOf, type ReviewRow } from "./review-list.ts";
import type { DecisionTools } from "./use-decisions.ts";

interface Props {
  rows: readonly ReviewRow[];
  timezone: string;
  /** To the deployments that are causes. */
  way: DeploymentWay;
  tools: DecisionTools;
  onCorrect: (key: string) => void;
}

const CHANGES = "Names another deployment as the cause, or none, with your reason";

/** One incident a line; arrow keys move between them, each has one main button. */
export function IncidentList({ rows, ...rest }: Props) {
  return (
    <ol className={css["list"]} aria-label="Incidents" onKeyDown={moveFocus}>
      {rows.map((row) => (
        <li key={row.key} className="card" data-decided={row.decision?.phase === "decided"}>
          <Row row={row} {...rest} />
        </li>
      ))}
    </ol>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function moveFocus(event: KeyboardEvent<HTMLOListElement>): void {
  // A key that is held would confirm and undo in turn.
  if (event.key === "Enter" && event.repeat) event.preventDefault();
  const step = STEPS[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-main]")];
  const line = event.target instanceof Element ? event.target.closest("li") : null;
  const at = buttons.findIndex((button) => line?.contains(button));
  const next = buttons[at + step];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

function Services({ identifiers }: { identifiers: readonly string[] }) {
  const blueprint = useQuery(doraModelQuery).data?.service.blueprint ?? "service";
  if (identifiers.length === 0) return "No service";
  return identifiers.map((identifier, at) => (
    <Fragment key={identifier}>
      {at === 0 ? "" : ", "}
      <EntityRef blueprint={blueprint} identifier={identifier} />
    </Fragment>
  ));
}

function Row({ row, timezone, way, tools, onCorrect }: { row: ReviewRow } & Omit<Props, "rows">) {
  const { key, incident, decision } = row;
  const { entity, services, severity, startedAt } = incident;
  const name = entity.title ?? entity.identifier;
  const isDecided = decision?.phase === "decided";
  return (
    <article className={css["row"]} aria-label={name}>
      <div className={css["what"]}>
        <h2>
          <EntityRef {...entity} />
        </h2>
        <p className="muted small">
          <Services identifiers={services} /> · began{" "}
          <time dateTime={startedAt}>{dateTime(startedAt, timezone)}</time> · {lastedText(incident)}
          {severity === null ? "" : ` · ${severity}`}
        </p>
        {isDecided ? (
          <p role="status">
            <Tag tone="good">Decided</Tag>{" "}
            {decision.deployment === null ? (
              "Not caused by a deployment"
            ) : (
              <>
                Caused by <DeploymentLink id={decision.deployment} way={way} />
              </>
            )}
          </p>
        ) : (
          <CauseLine incident={incident} way={way} />
        )}
        {decision?.error ? (
          <ErrorPanel what={isDecided ? "undo this" : "save the cause"} error={decision.error} />
        ) : null}
      </div>
      <div className={css["actions"]}>
        <MainButton
          name={name}
          incident={incident}
          isDecided={isDecided}
          onUndo={() => void tools.undo(key)}
          onConfirm={() => void tools.decide(incident, confirmation(incident))}
          onCorrect={() => onCorrect(key)}
        />
        {isDecided || incident.link.method === "user" ? null : (
          <Button
            variant="default"
            size="xs"
            data-correct={key}
            aria-label={`Change cause of ${name}`}
            title={CHANGES}
            onClick={() => onCorrect(key)}
          >
            Change cause …
          </Button>
        )}
      </div>
    </article>
  );
}

/** One element whatever it says, so that the focus stays where it was. */
function MainButton({
  name,
  incident,
  isDecided,
  onUndo,
  onConfirm,
  onCorrect,
}: {
  name: string;
  incident: Incident;
  isDecided: boolean;
  onUndo: () => void;
  onConfirm: () => void;
  onCorrect: () => void;
}) {
  const { method, deployment } = incident.link;
  const [text, label, does, act] = isDecided
    ? (["Undo", `Undo the decision on ${name}`, "Brings back what held before", onUndo] as const)
    : method === "user"
      ? (["Change cause …", `Change cause of ${name}`, CHANGES, onCorrect] as const)
      : deployment === null
        ? ([
            "Confirm no deployment",
            `Confirm no deployment as the cause of ${name}`,
            "Decides that no deployment caused it: no deployment counts as failed for it",
            onConfirm,
          ] as const)
        : ([
            "Confirm cause",
            `Confirm cause of ${name}: ${deployment}`,
            "Decides that the deployment caused it: it goes on counting as failed",
            onConfirm,
          ] as const);
  return (
    <Button variant="default" size="xs" data-main aria-label={label} title={does} onClick={act}>
      {text}
    </Button>
  );
}

function CauseLine({ incident: { link }, way }: { incident: Incident; way: DeploymentWay }) {
  const { deployment, method, confidence, reason } = link;
  return (
    <div className={css["cause"]}>
      <p>
        {deployment === null ? (
          "No deployment is known as the cause"
        ) : (
          <DeploymentLink id={deployment} way={way} />
        )}
        {deployment !== null && link.service === null ? <span className="muted"> (not known)</span> : null}
      </p>
      <p className="row">
        <Tag>{methodText(method)}</Tag>
        {confidence === null ? null : (
          <Tag {...(confidence === "possible" ? { tone: "warn" as const } : {})}>
            {confidenceText(confidence)}
          </Tag>
        )}
      </p>
      <p className="muted small">{reasonOf(reason)}</p>
    </div>
  );
}

function DeploymentLink({ id, way }: { id: string; way: DeploymentWay }) {
  return (
    <Link to="/dora/deployments/$id" params={{ id }} search={way}>
      {id}
    </Link>
  );
}

function lastedText({ isOpen, startedAt, endedAt, status }: Incident): string {
  if (isOpen) return "still open";
  if (endedAt === null) return status;
  return `over after ${duration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)}`;
}
