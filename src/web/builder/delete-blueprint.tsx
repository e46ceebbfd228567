import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type BlueprintDoc, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery, entityCountQuery } from "../catalog/queries.ts";
import { NO_FILTER } from "../lib/catalog-search.ts";
import { plural } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { deleteBlueprint } from "./queries.ts";

/** Asks for the identifier, unless there are entities or other blueprints relate to it: then it says what keeps it. */
export function DeleteBlueprint({ blueprint, onClose }: { blueprint: BlueprintDoc; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: () => deleteBlueprint(blueprint.identifier),
    onSuccess: async () => {
      await navigate({ to: "/builder", ignoreBlocker: true });
      await client.invalidateQueries({ queryKey: ["blueprints"] });
    },
  });
  const title = `Delete the blueprint ${titleOf(blueprint)}?`;
  const count = useQuery(entityCountQuery(blueprint.identifier, { text: "", filter: NO_FILTER }));
  const { data: all = [] } = useQuery(allBlueprintsQuery);
  const relating = all.filter(
    ({ identifier, relations }) =>
      identifier !== blueprint.identifier &&
      Object.values(relations ?? {}).some(({ target }) => target === blueprint.identifier),
  );
  if (count.isPending || count.data || relating.length > 0)
    return (
      <Dialog title={title} size={460} onClose={onClose}>
        {count.isPending ? (
          <Bone height={90} />
        ) : (
          <div className="stack">
            <p>It cannot be deleted yet. Delete first:</p>
            <ul>
              {count.data ? (
                <li>
                  <Link to="/c/$blueprint" params={{ blueprint: blueprint.identifier }}>
                    {plural(count.data, "entity", "entities")}
                  </Link>
                </li>
              ) : null}
              {relating.map((other) => (
                <li key={other.identifier}>
                  Relations of{" "}
                  <Link to="/builder/$blueprint" params={{ blueprint: other.identifier }}>
                    {titleOf(other)}
                  </Link>
                </li>
              ))}
            </ul>
            <div className="row">
              <Button color="red" disabled>
                Delete
              </Button>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
            </div>
          </div>
        )}
      </Dialog>
    );
  return (
    <ConfirmDelete
      title={title}
      identifier={blueprint.identifier}
      consequence="Its page goes with it."
      what="delete the blueprint"
      removal={removal}
      onClose={onClose}
    />
  );
}
