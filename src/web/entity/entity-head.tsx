import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { doraModelQuery } from "../api/queries.ts";
import { type BlueprintDoc, type EntityDoc, isSystem, titleOf } from "../catalog/blueprint.ts";
import { ActionsMenu } from "../parts/actions-menu.tsx";
import { Copy } from "../parts/copy.tsx";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { PortIcon } from "../parts/port-icon.tsx";
import { LevelTag } from "../scorecards/level-tag.tsx";
import { blueprintScorecardsQuery } from "../scorecards/queries.ts";
import css from "./entity.module.css";
import { mayEdit, rightsQuery } from "./rights.ts";

const EntityActions = lazy(() =>
  import("../actions/entity-actions.tsx").then((module) => ({ default: module.EntityActions })),
);

/** Which entity it is, who owns it, how it stands, and what can be done with it. */
export function EntityHead({
  blueprint,
  entity,
  onOpen,
}: {
  blueprint: BlueprintDoc;
  entity: EntityDoc;
  onOpen: (what: "edit" | "delete") => void;
}) {
  const { identifier } = blueprint;
  const isService = useQuery(doraModelQuery).data?.service.blueprint === identifier;
  const rights = useQuery(rightsQuery(identifier, entity.identifier)).data;
  const title = entity.title || entity.identifier;
  return (
    <div>
      <PageHead
        title={title}
        crumbs={
          <Breadcrumb>
            <span className="row">
              <PortIcon name={entity.icon ?? blueprint.icon} size={15} />
              <Link to="/c/$blueprint" params={{ blueprint: identifier }}>
                {titleOf(blueprint)}
              </Link>
            </span>
            <span className="row">
              <code>{entity.identifier}</code>
              <Copy text={entity.identifier} label="identifier" />
            </span>
          </Breadcrumb>
        }
        actions={
          isSystem(identifier) ? undefined : (
            <>
              {/* First, so that nothing moves when it comes. */}
              <Suspense>
                <EntityActions blueprint={identifier} entity={entity.identifier} />
              </Suspense>
              {isService ? (
                <Link to="/dora" search={{ scope: `${identifier}:${entity.identifier}` }}>
                  DORA metrics
                </Link>
              ) : null}
              {rights === undefined || mayEdit(rights) ? (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconPencil size={15} aria-hidden />}
                  onClick={() => onOpen("edit")}
                >
                  Edit
                </Button>
              ) : null}
              {rights === undefined || rights.unregister ? (
                <ActionsMenu
                  label={title}
                  actions={[{ label: "Delete", isDanger: true, onChoose: () => onOpen("delete") }]}
                />
              ) : null}
            </>
          )
        }
      />
      <Standing blueprint={identifier} entity={entity} />
    </div>
  );
}

/** Owners and levels, where there are any. */
function Standing({ blueprint, entity }: { blueprint: string; entity: EntityDoc }) {
  const scores = Object.entries(entity.scorecards ?? {});
  const scorecards = useQuery({ ...blueprintScorecardsQuery(blueprint), enabled: scores.length > 0 }).data;
  const teams = typeof entity.team === "string" ? [entity.team] : (entity.team ?? []);
  if (teams.length + scores.length === 0) return null;
  return (
    <ul className={css["standing"]} aria-label="Owners and levels">
      {teams.map((team) => (
        <li key={team}>
          <span className="muted">{blueprint === "_user" ? "Team" : "Owner"}</span>
          <EntityRef blueprint="_team" identifier={team} />
        </li>
      ))}
      {scores.map(([id, { level }]) => {
        const scorecard = scorecards?.find((one) => one.identifier === id);
        return (
          <li key={id}>
            <span className="muted">{scorecard?.title ?? id}</span>
            <LevelTag level={level} scorecard={scorecard} entity={entity} />
          </li>
        );
      })}
    </ul>
  );
}
