import { ActionIcon, Button, MultiSelect, Select, Switch, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { Pick } from "../parts/pick.tsx";
import { Tag } from "../parts/tag.tsx";
import css from "./actions.module.css";
import { InputRules } from "./input-rules.tsx";
import {
  addInput,
  freshKey,
  isRequired,
  KINDS,
  kindOfInput,
  moveInput,
  removeInput,
  renameInput,
  withKind,
  withRequired,
  withSteps,
} from "./inputs-draft.ts";
import { JqText, OrJq } from "./jq-field.tsx";
import { orderOf } from "./order-of.ts";
import { jqOf } from "./rules-draft.ts";
import type { InputDoc, UserInputsDoc } from "./types.ts";

interface Props {
  form: UserInputsDoc;
  onChange: (form: UserInputsDoc) => void;
}

/** What the form asks for, in which order and in which steps. */
export function InputsDesigner({ form, onChange }: Props) {
  const [open, setOpen] = useState<string | null>(null);
  const steps = form.steps ?? [{ title: "", order: orderOf(form) }];
  // A step has no name of its own.
  const rows = steps.map((step, at) => ({ step, at, id: `${steps.length}.${at}` }));
  const change = (key: string, input: InputDoc) =>
    onChange({ ...form, properties: { ...form.properties, [key]: input } });
  return (
    <div className="stack">
      <Switch
        label="In steps"
        checked={form.steps !== undefined}
        onChange={(event) => onChange(withSteps(form, event.currentTarget.checked))}
      />
      {rows.map(({ step, at, id }) => (
        <div key={id} className="stack" style={{ gap: 8 }}>
          {form.steps === undefined ? null : (
            <div className="row" style={{ alignItems: "flex-end", flexWrap: "nowrap" }}>
              <TextInput
                label={`Title of step ${at + 1}`}
                size="xs"
                style={{ flex: 1 }}
                value={step.title}
                onChange={(event) => {
                  const title = event.currentTarget.value;
                  onChange({ ...form, steps: steps.map((one, i) => (i === at ? { ...one, title } : one)) });
                }}
              />
              <div style={{ flex: 1 }}>
                <JqText
                  label={`Step ${at + 1} is shown only if (jq)`}
                  placeholder='.form.cloud == "aws"'
                  value={jqOf(step.visible) ?? ""}
                  onChange={(jqQuery) => {
                    const { visible: _visible, ...rest } = step;
                    const next = jqQuery === "" ? rest : { ...rest, visible: { jqQuery } };
                    onChange({ ...form, steps: steps.map((one, i) => (i === at ? next : one)) });
                  }}
                />
              </div>
              <ActionIcon
                size={28}
                aria-label={`Remove step ${at + 1}`}
                disabled={step.order.length > 0 || steps.length === 1}
                onClick={() => onChange({ ...form, steps: steps.filter((_, i) => i !== at) })}
              >
                <IconTrash size={15} aria-hidden />
              </ActionIcon>
            </div>
          )}
          <ul className={css["inputs"]}>
            {step.order.map((key) => {
              const input = form.properties?.[key];
              if (input === undefined) return null;
              const title = input.title || key;
              return (
                <li key={key}>
                  <div className={css["inputHead"]}>
                    <button
                      type="button"
                      aria-expanded={open === key}
                      onClick={() => setOpen(open === key ? null : key)}
                    >
                      {title}
                    </button>
                    {isRequired(form, key) ? <Tag>Required</Tag> : null}
                    <ActionIcon
                      size={26}
                      aria-label={`Move ${title} up`}
                      onClick={() => onChange(moveInput(form, key, -1))}
                    >
                      <IconChevronUp size={15} aria-hidden />
                    </ActionIcon>
                    <ActionIcon
                      size={26}
                      aria-label={`Move ${title} down`}
                      onClick={() => onChange(moveInput(form, key, 1))}
                    >
                      <IconChevronDown size={15} aria-hidden />
                    </ActionIcon>
                    <ActionIcon
                      size={26}
                      aria-label={`Remove ${title}`}
                      onClick={() => onChange(removeInput(form, key))}
                    >
                      <IconTrash size={15} aria-hidden />
                    </ActionIcon>
                  </div>
                  {open === key ? (
                    <InputForm
                      id={key}
                      input={input}
                      form={form}
                      onInput={(next) => change(key, next)}
                      onForm={onChange}
                      onRename={(to) => {
                        const next = renameInput(form, key, to);
                        if (next === form) return;
                        onChange(next);
                        setOpen(to);
                      }}
                    />
                  ) : null}
                </li>
              );
            })}
          </ul>
          <div className="row">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => {
                const key = freshKey(form);
                onChange(addInput(form, key, at));
                setOpen(key);
              }}
            >
              Add input
            </Button>
            {form.steps !== undefined && at === steps.length - 1 ? (
              <Button
                size="xs"
                variant="subtle"
                onClick={() =>
                  onChange({ ...form, steps: [...steps, { title: `Step ${steps.length + 1}`, order: [] }] })
                }
              >
                Add step
              </Button>
            ) : null}
          </div>
        </div>
      ))}
    </div>
  );
}

function InputForm({
  id,
  input,
  form,
  onInput,
  onForm,
  onRename,
}: {
  id: string;
  input: InputDoc;
  form: UserInputsDoc;
  onInput: (input: InputDoc) => void;
  onForm: (form: UserInputsDoc) => void;
  onRename: (to: string) => void;
}) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const [key, setKey] = useState(id);
  const set = (name: keyof InputDoc, value: unknown) => {
    const rest = Object.fromEntries(Object.entries(input).filter(([other]) => other !== name)) as InputDoc;
    onInput(value === undefined || value === "" ? rest : { ...rest, [name]: value });
  };
  const kind = kindOfInput(input);
  const isEntity = kind === "entity" || kind === "entities";
  const blueprint = kind === "entities" ? input.items?.blueprint : input.blueprint;
  const others = Object.keys(form.properties ?? {}).filter((other) => other !== id);
  return (
    <div className={css["inputBody"]}>
      <TextInput
        size="xs"
        label="Title"
        value={input.title ?? ""}
        onChange={(event) => set("title", event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        label="Key"
        value={key}
        onChange={(event) => setKey(event.currentTarget.value.replace(/[^A-Za-z0-9@_=-]/g, ""))}
        onBlur={() => onRename(key)}
      />
      <Pick
        size="xs"
        label="Kind"
        searchable
        value={kind}
        placeholder={kind === null ? "As in the JSON" : ""}
        data={KINDS.map(({ value, label }) => ({ value, label }))}
        onChange={(next) => onInput(withKind(input, next ?? "text"))}
      />
      {isEntity ? (
        <Select
          size="xs"
          label="Blueprint"
          searchable
          placeholder="Choose"
          data={blueprints.map((one) => ({ value: one.identifier, label: titleOf(one) }))}
          value={blueprint ?? null}
          onChange={(next) =>
            kind === "entities"
              ? set("items", { ...input.items, blueprint: next ?? "" })
              : set("blueprint", next ?? undefined)
          }
        />
      ) : (
        <OrJq
          label="Value to begin with"
          placeholder=".user.email"
          value={input.default}
          plain={undefined}
          onChange={(next) => set("default", next)}
        >
          <TextInput
            size="xs"
            label="Value to begin with"
            value={
              typeof input.default === "string" || typeof input.default === "number"
                ? String(input.default)
                : ""
            }
            onChange={(event) => {
              const text = event.currentTarget.value;
              set(
                "default",
                kind === "number" && text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text,
              );
            }}
          />
        </OrJq>
      )}
      <TextInput
        className={css["wide"] ?? ""}
        size="xs"
        label="Description"
        value={input.description ?? ""}
        onChange={(event) => set("description", event.currentTarget.value)}
      />
      <InputRules input={input} kind={kind} set={set} />
      <MultiSelect
        size="xs"
        label="Waits for"
        data={others}
        value={[...(input.dependsOn ?? [])]}
        onChange={(keys) => set("dependsOn", keys.length === 0 ? undefined : keys)}
      />
      <Switch
        label="Required"
        disabled={form.required !== undefined && !Array.isArray(form.required)}
        checked={isRequired(form, id)}
        onChange={(event) => onForm(withRequired(form, id, event.currentTarget.checked))}
      />
      {input.type === "string" || input.type === "object" ? (
        <Switch
          label="Secret, encrypted"
          checked={Boolean(input.encryption)}
          onChange={(event) => set("encryption", event.currentTarget.checked ? "aes256-gcm" : undefined)}
        />
      ) : null}
    </div>
  );
}
