import { Button, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Bone } from "../parts/bone.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import css from "./actions.module.css";
import { applyTemplate, type TemplateDoc, templatesQuery } from "./edit-queries.ts";

/** What comes with Fairway, to be made with one's own values. */
export function TemplateDialog({
  of,
  onClose,
  onMade = onClose,
}: {
  of: "actions" | "automations";
  onClose: () => void;
  /** With its identifier, where it is one thing. */
  onMade?: (identifier: string | undefined) => void;
}) {
  const templates = useQuery(templatesQuery(of));
  const [chosen, setChosen] = useState<TemplateDoc | null>(null);
  const groups = Map.groupBy(templates.data ?? [], ({ group }) => group ?? "");
  return (
    <Dialog title={chosen?.title ?? "From a template"} size={720} onClose={onClose}>
      {templates.data === undefined ? (
        templates.error ? (
          <ErrorPanel what="load the templates" error={templates.error} />
        ) : (
          <Bone height={200} />
        )
      ) : chosen === null ? (
        <div className="stack">
          {[...groups].map(([group, list]) => (
            <section key={group} className="stack" style={{ gap: 8 }}>
              {group === "" ? null : <h3>{group}</h3>}
              <ul className={css["templates"]}>
                {list.map((one) => (
                  <li key={one.identifier}>
                    <button type="button" onClick={() => setChosen(one)}>
                      <strong>{one.title}</strong>
                      <span>{one.description}</span>
                      {one.isDangerous ? <Tag tone="warn">With approval</Tag> : null}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      ) : (
        <Fill of={of} template={chosen} onBack={() => setChosen(null)} onDone={onMade} />
      )}
    </Dialog>
  );
}

function Fill({
  of,
  template,
  onBack,
  onDone,
}: {
  of: "actions" | "automations";
  template: TemplateDoc;
  onBack: () => void;
  onDone: (identifier: string | undefined) => void;
}) {
  const { parameters = [] } = template;
  const [values, setValues] = useState<Record<string, string | number>>({});
  const client = useQueryClient();
  const apply = useMutation({
    mutationFn: () => applyTemplate(of, template.identifier, values),
    onSuccess: async ({ identifier }) => {
      await client.invalidateQueries({ queryKey: ["actions"] });
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      onDone(identifier);
    },
  });
  const set = (name: string, value: string | number) => setValues((before) => ({ ...before, [name]: value }));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        apply.mutate();
      }}
    >
      <p className="muted">{template.description}</p>
      {apply.error ? <ErrorPanel what="create it" error={apply.error} /> : null}
      {parameters.map(({ name, title, type, default: usual }) =>
        type === "number" ? (
          <NumberInput
            key={name}
            label={title}
            hideControls
            required={usual === undefined}
            value={values[name] ?? usual ?? ""}
            onChange={(next) => set(name, Number(next))}
          />
        ) : (
          <TextInput
            key={name}
            label={title}
            required={usual === undefined}
            value={values[name] ?? usual ?? ""}
            onChange={(event) => set(name, event.currentTarget.value)}
          />
        ),
      )}
      <div className="row">
        <Button type="submit" loading={apply.isPending}>
          Create
        </Button>
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
      </div>
    </form>
  );
}
