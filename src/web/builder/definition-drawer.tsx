import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type BlueprintDoc, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { requiredOf } from "../entity/draft.ts";
import { DrawerButtons } from "../parts/drawer-buttons.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { Unsaved } from "../parts/unsaved.tsx";
import css from "./builder.module.css";
import { DefinitionForm } from "./definition-form.tsx";
import { definitionShape, sampleEntity } from "./blueprint-shape.ts";
import {
  type Definition,
  definitionsOf,
  isDerivedKind,
  type Kind,
  KIND_INFO,
  namesTaken,
  patchFor,
} from "./definition-kind.ts";
import { JsonSide, useJsonText } from "./json-side.tsx";
import { LivePreview } from "./live-preview.tsx";
import { identifierOf } from "./parse-document.ts";
import { changeBlueprint } from "./queries.ts";

interface Props {
  blueprint: BlueprintDoc;
  kind: Kind;
  /** null: a new one. */
  id: string | null;
  onClose: () => void;
}

const written = (definition: Definition): string => JSON.stringify(definition, null, 2);

/** Form and JSON of one definition side by side; what is derived is tried on real entities meanwhile. */
export function DefinitionDrawer({ blueprint, kind, id, onClose }: Props) {
  const { data: all = [] } = useQuery(allBlueprintsQuery);
  const client = useQueryClient();
  const [before] = useState<Definition>(() =>
    id === null ? KIND_INFO[kind].blank : (definitionsOf(blueprint, kind)[id] ?? KIND_INFO[kind].blank),
  );
  const [wasRequired] = useState(() => id !== null && requiredOf(blueprint).has(id));
  const [definition, setDefinition] = useState(before);
  const [required, setRequired] = useState(wasRequired);
  const [typedId, setTypedId] = useState<string | null>(id);
  const json = useJsonText(definition, setDefinition);
  const title = typeof definition["title"] === "string" ? definition["title"] : "";
  const identifier = typedId ?? identifierOf(title);
  const isTaken = id === null && namesTaken(blueprint, kind).includes(identifier);
  const isSame = id !== null && written(before) === written(definition) && wasRequired === required;
  const save = useMutation({
    mutationFn: () =>
      changeBlueprint(
        blueprint.identifier,
        patchFor(
          blueprint,
          kind,
          identifier,
          { ...definition, ...(title === "" ? { title: identifier } : {}) },
          required,
        ),
      ),
    onSuccess: async () => {
      await Promise.all(
        [["blueprints"], ["entities", blueprint.identifier]].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
      onClose();
    },
  });
  const { label } = KIND_INFO[kind];
  return (
    <SideDrawer
      title={
        <>
          {id === null ? `New ${label.toLowerCase()}` : `${label} ${title || id}`} of {titleOf(blueprint)}
        </>
      }
      size={1040}
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (json.problem === null && !isTaken && identifier !== "") save.mutate();
        }}
      >
        <Unsaved value={[definition, required, typedId, json.problem]} />
        {save.error ? <ErrorPanel what={`save the ${label.toLowerCase()}`} error={save.error} /> : null}
        <div className={css["sides"]}>
          <div>
            <TextInput
              label="Title"
              data-autofocus
              value={title}
              onChange={(event) => setDefinition(titled(definition, event.currentTarget.value))}
            />
            <TextInput
              label="Identifier"
              description={
                id === null ? "Used in the API and in jq" : "Rename it in the JSON tab of the blueprint"
              }
              required
              readOnly={id !== null}
              styles={{ input: { fontFamily: "var(--mono)" } }}
              error={isTaken ? `${titleOf(blueprint)} has one with this identifier` : null}
              value={identifier}
              onChange={(event) => setTypedId(event.currentTarget.value)}
            />
            <DefinitionForm
              blueprint={blueprint}
              all={all}
              kind={kind}
              isSaved={id !== null}
              definition={definition}
              onChange={setDefinition}
              required={required}
              onRequired={setRequired}
            />
          </div>
          <div>
            {isDerivedKind(kind) ? (
              <LivePreview
                blueprint={blueprint}
                kind={kind}
                identifier={identifier}
                definition={definition}
              />
            ) : null}
            <JsonSide
              label="Definition as JSON"
              json={json}
              height={200}
              assist={{
                shape: definitionShape(
                  kind,
                  all.map((one) => one.identifier),
                ),
                sample: sampleEntity(blueprint),
                refusal: save.error === null ? null : inDefinition(save.error.message, identifier),
              }}
            />
          </div>
        </div>
        <DrawerButtons>
          <Button
            type="submit"
            loading={save.isPending}
            disabled={json.problem !== null || isTaken || identifier === "" || isSame}
          >
            {id === null ? "Add" : "Save"}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <span className="muted small" role="status">
            {isSame ? "Nothing is changed." : identifier === "" ? "A title or an identifier is missing." : ""}
          </span>
        </DrawerButtons>
      </form>
    </SideDrawer>
  );
}

/** The title first, as people write documents. */
function titled(definition: Definition, title: string): Definition {
  const { title: _title, ...rest } = definition;
  return title === "" ? rest : { title, ...rest };
}

/** What the server says of the blueprint, as it stands in the definition: `schema.properties.tier.format …` → `format …`. */
function inDefinition(message: string, identifier: string): string {
  const before = `.${identifier}.`;
  const at = message.split(" ", 1)[0]?.indexOf(before) ?? -1;
  return at === -1 ? message : message.slice(at + before.length);
}
