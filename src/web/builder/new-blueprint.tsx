import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { Unsaved } from "../parts/unsaved.tsx";
import { blueprintShape } from "./blueprint-shape.ts";
import { FormOrJson, useFormOrJson } from "./form-or-json.tsx";
import { identifierOf } from "./parse-document.ts";
import { createBlueprint } from "./queries.ts";

/** A new blueprint by name, or pasted as JSON; both are the same document. */
export function NewBlueprint({ onClose }: { onClose: () => void | Promise<void> }) {
  const [title, setTitle] = useState("");
  const [typedId, setTypedId] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const { data: all = [] } = useQuery(allBlueprintsQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const identifier = typedId ?? identifierOf(title);
  const state = useFormOrJson({
    identifier,
    title: title === "" ? identifier : title,
    ...(description === "" ? {} : { description }),
    schema: { properties: {}, required: [] },
    relations: {},
    mirrorProperties: {},
    calculationProperties: {},
    aggregationProperties: {},
  });
  const create = useMutation({
    mutationFn: () => createBlueprint(state.document),
    onSuccess: async ({ blueprint }) => {
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      await onClose();
      void navigate({
        to: "/builder/$blueprint",
        params: { blueprint: blueprint.identifier },
        ignoreBlocker: true,
      });
    },
  });
  return (
    <SideDrawer title="New blueprint" size={680} onClose={() => void onClose()}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (state.document !== null) create.mutate();
        }}
      >
        <Unsaved value={state.document ?? state.text} />
        <FormOrJson
          label="Blueprint as JSON"
          state={state}
          assist={{
            shape: blueprintShape(all.map((one) => one.identifier)),
            refusal: create.error?.message ?? null,
          }}
          between={create.error ? <ErrorPanel what="create the blueprint" error={create.error} /> : null}
        >
          <TextInput
            label="Title"
            required
            data-autofocus
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <TextInput
            label="Identifier"
            description="Used in the API and by other blueprints"
            required
            value={identifier}
            onChange={(event) => setTypedId(event.currentTarget.value)}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
        </FormOrJson>
        <div className="row">
          <Button
            type="submit"
            loading={create.isPending}
            disabled={state.document === null || (state.mode === "form" && identifier === "")}
          >
            Create
          </Button>
          <Button variant="default" onClick={() => void onClose()}>
            Cancel
          </Button>
        </div>
      </form>
    </SideDrawer>
  );
}
