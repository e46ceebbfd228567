import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery, type AuditEvent } from "../catalog/queries.ts";
import { Actor } from "../parts/actor.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import css from "./audit.module.css";
import { phraseOf, subjectOf } from "./words.ts";

/** What the event is about, as the rest of a sentence that its verb begins; as a link where there is a page of it. */
export function Subject({ event }: { event: AuditEvent }) {
  const { kind, rest, isOfActor = false } = phraseOf(event);
  const subject = isOfActor ? null : subjectOf(event);
  return (
    <span className={css["subject"]} {...(subject !== null && { title: subject })}>
      {kind === "" ? null : <span className="muted">{kind} </span>}
      {subject === null ? null : <Named event={event} subject={subject} />}
      {rest === undefined ? null : <span className="muted"> {rest}</span>}
    </span>
  );
}

/** Their identifiers are addresses of people. */
const OF_PEOPLE: ReadonlySet<string> = new Set(["credentials", "session", "second_factor", "sign_in"]);
const DELETED = "DELETE";

function Named({ event, subject }: { event: AuditEvent; subject: string }): ReactNode {
  const { resourceType, action, context, additionalData } = event;
  const blueprint = typeof context["blueprint"] === "string" ? context["blueprint"] : null;
  const title = additionalData?.title ?? subject;
  if (OF_PEOPLE.has(resourceType)) return <Actor id={subject} />;
  if (resourceType === "incident_cause" && blueprint !== null)
    return <EntityRef blueprint={blueprint} identifier={subject} />;
  if (resourceType === "team") return <EntityRef blueprint="_team" identifier={subject} />;
  if (resourceType === "user") return <EntityRef blueprint="_user" identifier={subject} />;
  if (resourceType === "entity" && blueprint !== null)
    return (
      <>
        <span className="muted">
          <BlueprintTitle identifier={blueprint} />
        </span>{" "}
        <EntityRef blueprint={blueprint} identifier={subject} />
      </>
    );
  if (action === DELETED) return additionalData?.title ?? <Later kind={resourceType} subject={subject} />;
  switch (resourceType) {
    case "blueprint":
    case "permissions":
      return (
        <Link to="/builder/$blueprint" params={{ blueprint: subject }}>
          <BlueprintTitle identifier={subject} />
        </Link>
      );
    case "scorecard":
      return blueprint === null ? (
        title
      ) : (
        <>
          <Link to="/scorecards/$blueprint/$id" params={{ blueprint, id: subject }}>
            {title}
          </Link>{" "}
          <span className="muted">
            of <BlueprintTitle identifier={blueprint} />
          </span>
        </>
      );
    case "run":
      return (
        <Link to="/runs/$run" params={{ run: subject }}>
          {title}
        </Link>
      );
    case "page":
    case "page_permissions":
      return (
        <Link to="/d/$page" params={{ page: subject }}>
          {title}
        </Link>
      );
    case "initiative":
      return (
        <Link to="/initiatives/$id" params={{ id: subject }}>
          {title}
        </Link>
      );
    case "data_source":
      return (
        <Link to="/sources/$id" params={{ id: subject }}>
          {title}
        </Link>
      );
    case "webhook":
      return (
        <Link to="/sources/webhooks/$identifier" params={{ identifier: subject }}>
          {title}
        </Link>
      );
    default:
      return additionalData?.title ?? <Later kind={resourceType} subject={subject} />;
  }
}

/** What has no title in the log: by the name that it has now, if somebody knows one. */
function Later({ kind, subject }: { kind: string; subject: string }): ReactNode {
  if (kind === "app") return <Actor id={subject} />;
  if (kind === "blueprint" || kind === "permissions") return <BlueprintTitle identifier={subject} />;
  return subject;
}

function BlueprintTitle({ identifier }: { identifier: string }): ReactNode {
  const found = useQuery(allBlueprintsQuery).data?.find((one) => one.identifier === identifier);
  return found === undefined ? identifier : titleOf(found);
}
