import { Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRole } from "../api/use-role.ts";
import { isSystem, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { Choice } from "../parts/choice.tsx";
import { IconPick } from "../widgets/icon-pick.tsx";
import css from "./actions.module.css";
import { type Doc, objectAt, textAt, withKey } from "./document-drawer.tsx";
import { NameFields } from "./name-fields.tsx";
import { RulesForm } from "./rules-form.tsx";

/** What the action is called, about what it is and whether it is offered. */
export function DetailsForm({
  document,
  onChange,
  isNew,
}: {
  document: Doc;
  onChange: (document: Doc) => void;
  isNew: boolean;
}) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const { isAdmin, looksAfter } = useRole();
  const trigger = objectAt(document, "trigger");
  const set = (key: string, value: unknown) => onChange(withKey(document, key, value));
  const setTrigger = (key: string, value: unknown) => set("trigger", withKey(trigger, key, value));
  return (
    <div className="stack">
      <NameFields document={document} onChange={onChange} isNew={isNew} />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        value={textAt(document, "description")}
        onChange={(event) => set("description", event.currentTarget.value)}
      />
      <IconPick value={textAt(document, "icon") || null} onChange={(icon) => set("icon", icon ?? "")} />
      <div>
        <Choice
          label="What it does"
          value={textAt(trigger, "operation") || "CREATE"}
          options={[
            { value: "CREATE", label: "Creates" },
            { value: "DAY-2", label: "Changes (day-2)" },
            { value: "DELETE", label: "Deletes" },
          ]}
          onChange={(operation) =>
            set("trigger", {
              ...(operation === "CREATE" ? withKey(trigger, "condition", undefined) : trigger),
              operation,
            })
          }
        />
      </div>
      <Select
        label="Blueprint"
        description={
          textAt(trigger, "operation") === "CREATE"
            ? isAdmin
              ? "Entities that it runs on; empty for a general action"
              : "Entities that it runs on: a blueprint that you moderate"
            : "It is offered on the entities of this blueprint"
        }
        searchable
        clearable={isAdmin}
        placeholder="None"
        data={blueprints
          .filter(({ identifier }) => !isSystem(identifier) && looksAfter(identifier))
          .map((one) => ({ value: one.identifier, label: titleOf(one) }))}
        value={textAt(trigger, "blueprintIdentifier") || null}
        onChange={(next) => setTrigger("blueprintIdentifier", next ?? "")}
      />
      {textAt(trigger, "operation") === "CREATE" || textAt(trigger, "blueprintIdentifier") === "" ? null : (
        <RulesForm
          label="Offered only on entities where"
          blueprint={textAt(trigger, "blueprintIdentifier")}
          value={"condition" in trigger ? objectAt(trigger, "condition") : undefined}
          by={null}
          onChange={(next) =>
            setTrigger("condition", next === undefined ? undefined : { type: "SEARCH", ...next })
          }
        />
      )}
      <div className={css["split"]}>
        <TextInput
          label="Text on the card's button"
          placeholder="Run"
          maxLength={15}
          value={textAt(trigger, "actionCardButtonText")}
          onChange={(event) => setTrigger("actionCardButtonText", event.currentTarget.value)}
        />
        <TextInput
          label="Text on the form's button"
          placeholder="Run"
          maxLength={15}
          value={textAt(trigger, "executeActionButtonText")}
          onChange={(event) => setTrigger("executeActionButtonText", event.currentTarget.value)}
        />
      </div>
      <Switch
        label="Published"
        description="A draft is offered to nobody."
        checked={document["publish"] !== false}
        onChange={(event) => set("publish", event.currentTarget.checked)}
      />
    </div>
  );
}
