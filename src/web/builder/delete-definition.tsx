import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { getJson } from "../api/client.ts";
import type { BlueprintDoc } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { plural } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { scorecardsQuery } from "../scorecards/queries.ts";
import { type Kind, KIND_INFO, patchFor } from "./definition-kind.ts";
import { changeBlueprint } from "./queries.ts";
import { usesOf } from "./uses.ts";

const wholePagesQuery = queryOptions({
  queryKey: ["blueprints", "whole-pages"],
  queryFn: ({ signal }) => getJson<{ pages: { identifier: string }[] }>("/v1/pages", {}, signal),
  select: (answer) => answer.pages,
});

/** Says what depends on it before it asks for the identifier. */
export function DeleteDefinition({
  blueprint,
  kind,
  id,
  onClose,
}: {
  blueprint: BlueprintDoc;
  kind: Kind;
  id: string;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const { data: blueprints } = useQuery(allBlueprintsQuery);
  const { data: scorecards } = useQuery(scorecardsQuery);
  const { data: pages } = useQuery(wholePagesQuery);
  const removal = useMutation({
    mutationFn: () => changeBlueprint(blueprint.identifier, patchFor(blueprint, kind, id, null, false)),
    onSuccess: async () => {
      await Promise.all(
        [["blueprints"], ["entities"]].map((queryKey) => client.invalidateQueries({ queryKey })),
      );
      onClose();
    },
  });
  const label = KIND_INFO[kind].label.toLowerCase();
  const uses =
    blueprints && scorecards && pages ? usesOf(blueprint, kind, id, { blueprints, scorecards, pages }) : null;
  return (
    <ConfirmDelete
      title={`Delete the ${label} ${id}?`}
      identifier={id}
      consequence={CONSEQUENCES[kind]}
      what={`delete the ${label}`}
      removal={removal}
      onClose={onClose}
    >
      {uses === null ? (
        <Bone height={40} />
      ) : uses.length === 0 ? (
        <p className="muted">Nothing here is known to use it: no derived property, scorecard or page.</p>
      ) : (
        <div>
          <strong>Used by {plural(uses.length, "definition")}:</strong>
          <ul>
            {uses.map(({ by, blueprint: at }) => (
              <li key={`${by} ${at ?? ""}`} className="small">
                {by}
                {at === null || at === blueprint.identifier ? null : (
                  <>
                    {" "}
                    of{" "}
                    <Link to="/builder/$blueprint" params={{ blueprint: at }}>
                      {at}
                    </Link>
                  </>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </ConfirmDelete>
  );
}

const CONSEQUENCES: Readonly<Record<Kind, string>> = {
  property: "Its values are out of sight; adding it again with the same type brings them back.",
  relation: "The links that entities have by it are gone for good.",
  mirror: "Its values are gone; they can be computed again.",
  calculation: "Its values are gone; they can be computed again.",
  aggregation: "Its values are gone; they can be computed again.",
};
