import { Button, Drawer, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { type BlueprintDoc, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { requiredOf } from "../entity/draft.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import css from "./builder.module.css";
import { DefinitionForm } from "./definition-form.tsx";
import {
  type Definition,
  definitionsOf,
  isDerivedKind,
  type Kind,
  KIND_INFO,
  namesTaken,
  patchFor,
} from "./definition-kind.ts";
import { LivePreview } from "./live-preview.tsx";
import { identifierOf, parseDocument } from "./parse-document.ts";
import { changeBlueprint } from "./queries.ts";

const JsonEditor = lazy(() => import("./json-editor.tsx").then((module) => ({ default: module.JsonEditor })));

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
  const [text, setText] = useState({ version: 0, initial: written(before) });
  const [problem, setProblem] = useState<string | null>(null);
  const title = typeof definition["title"] === "string" ? definition["title"] : "";
  const identifier = typedId ?? identifierOf(title);
  const isTaken = id === null && namesTaken(blueprint, kind).includes(identifier);
  const isSame = id !== null && written(before) === written(definition) && wasRequired === required;
  const fromForm = (next: Definition) => {
    setDefinition(next);
    setProblem(null);
    setText(({ version }) => ({ version: version + 1, initial: written(next) }));
  };
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
    <Drawer.Root opened onClose={onClose} position="right" size={1040} transitionProps={{ duration: 120 }}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content>
        <Drawer.Header component="div">
          <Drawer.Title>
            {id === null ? `New ${label.toLowerCase()}` : `${label} ${title || id}`} of {titleOf(blueprint)}
          </Drawer.Title>
          <Drawer.CloseButton aria-label="Close" size={32} />
        </Drawer.Header>
        <Drawer.Body>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (problem === null && !isTaken && identifier !== "") save.mutate();
            }}
          >
            {save.error ? <ErrorPanel what={`save the ${label.toLowerCase()}`} error={save.error} /> : null}
            <div className={css["sides"]}>
              <div>
                <TextInput
                  label="Title"
                  data-autofocus
                  value={title}
                  onChange={(event) => fromForm(titled(definition, event.currentTarget.value))}
                />
                <TextInput
                  label="Identifier"
                  description={
                    id === null ? "What the API and jq know it by" : "Is renamed in the JSON of the blueprint"
                  }
                  required
                  disabled={id !== null}
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
                  onChange={fromForm}
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
                <h3>JSON</h3>
                <Suspense fallback={<Bone height={200} />}>
                  <JsonEditor
                    key={text.version}
                    label="Definition as JSON"
                    initial={text.initial}
                    onChange={(typed) => {
                      const { document, problem: said } = parseDocument(typed);
                      setProblem(document === null ? said : null);
                      if (document !== null) setDefinition(document);
                    }}
                  />
                </Suspense>
                {problem === null ? null : (
                  <p className={css["failed"]} role="status">
                    {problem}
                  </p>
                )}
              </div>
            </div>
            <div className={css["buttons"]}>
              <Button
                type="submit"
                loading={save.isPending}
                disabled={problem !== null || isTaken || identifier === "" || isSame}
              >
                {id === null ? "Add" : "Save"}
              </Button>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              {isSame ? <span className="muted small">Nothing is changed.</span> : null}
            </div>
          </form>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** The title first, as people write documents. */
function titled(definition: Definition, title: string): Definition {
  const { title: _title, ...rest } = definition;
  return title === "" ? rest : { title, ...rest };
}
