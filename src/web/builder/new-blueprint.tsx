import { Button, Drawer, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { identifierOf, parseDocument } from "./parse-document.ts";
import { createBlueprint } from "./queries.ts";

const JsonEditor = lazy(() => import("./json-editor.tsx").then((module) => ({ default: module.JsonEditor })));

type Mode = "form" | "json";

/** A new blueprint by name, or pasted as JSON; both are the same document. */
export function NewBlueprint({ onClose }: { onClose: () => void }) {
  const [mode, setMode] = useState<Mode>("form");
  const [title, setTitle] = useState("");
  const [typedId, setTypedId] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const [text, setText] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const identifier = typedId ?? identifierOf(title);
  const parsed = mode === "json" ? parseDocument(text) : { document: documentOf(), problem: null };
  const create = useMutation({
    mutationFn: () => createBlueprint(parsed.document),
    onSuccess: async ({ blueprint }) => {
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      onClose();
      void navigate({ to: "/builder/$blueprint", params: { blueprint: blueprint.identifier } });
    },
  });

  function documentOf(): Record<string, unknown> {
    return {
      identifier,
      title: title === "" ? identifier : title,
      ...(description === "" ? {} : { description }),
      schema: { properties: {}, required: [] },
      relations: {},
      mirrorProperties: {},
      calculationProperties: {},
      aggregationProperties: {},
    };
  }

  return (
    <Drawer.Root opened onClose={onClose} position="right" size={680} transitionProps={{ duration: 120 }}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content>
        <Drawer.Header component="div">
          <Drawer.Title>New blueprint</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" size={32} />
        </Drawer.Header>
        <Drawer.Body>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (parsed.document !== null) create.mutate();
            }}
          >
            <Choice<Mode>
              label="How to describe it"
              value={mode}
              onChange={(next) => {
                if (next === "json" && text === "") setText(JSON.stringify(documentOf(), null, 2));
                setMode(next);
              }}
              options={[
                { value: "form", label: "Form" },
                { value: "json", label: "Edit JSON" },
              ]}
            />
            {create.error ? <ErrorPanel what="create the blueprint" error={create.error} /> : null}
            {mode === "form" ? (
              <>
                <TextInput
                  label="Title"
                  required
                  data-autofocus
                  value={title}
                  onChange={(event) => setTitle(event.currentTarget.value)}
                />
                <TextInput
                  label="Identifier"
                  description="What the API and other blueprints know it by"
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
              </>
            ) : (
              <>
                <Suspense fallback={<Bone height={320} />}>
                  <JsonEditor label="Blueprint as JSON" initial={text} onChange={setText} />
                </Suspense>
                <Problem text={parsed.problem} />
              </>
            )}
            <div className="row">
              <Button
                type="submit"
                loading={create.isPending}
                disabled={parsed.document === null || (mode === "form" && identifier === "")}
              >
                Create
              </Button>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
            </div>
          </form>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** What is wrong with the text; room is kept for it. */
export function Problem({ text }: { text: string | null }) {
  return (
    <p role="status" className="small" style={{ color: "var(--bad)", minHeight: 18 }}>
      {text}
    </p>
  );
}
