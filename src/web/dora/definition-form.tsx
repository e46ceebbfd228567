import { Checkbox, NumberInput, TagsInput, TextInput } from "@mantine/core";
import { Pick } from "../parts/pick.tsx";
import { CAUSES, type Definition } from "./definition.ts";
import css from "./definition.module.css";

const CAUSE_WORDS: Record<(typeof CAUSES)[number], string> = {
  status: "its status says so",
  incident: "it caused an incident",
  rollback: "it was rolled back",
  hotfix: "a hotfix or revert of it followed within the window",
};
const POLICIES = [
  { value: "none", label: "counts nowhere" },
  { value: "all", label: "counts with the first deployment" },
  { value: "since", label: "counts from a day on" },
  { value: "tag", label: "counts from a tag on" },
] as const;

/** What decides about failures, first deployments and drafts. */
export function DefinitionForm({
  draft,
  onChange,
}: {
  draft: Definition;
  onChange: (draft: Definition) => void;
}) {
  const { failureCauses: causes, baseline } = draft;
  const set = (patch: Partial<Definition>) => onChange({ ...draft, ...patch });
  return (
    <div className={css["form"]}>
      <TagsInput
        label="Production environments"
        description="Exact names; all others are counted only when asked for."
        value={[...draft.productionEnvironments]}
        onChange={(productionEnvironments) => set({ productionEnvironments })}
        comboboxProps={{ keepMounted: false }}
      />
      <NumberInput
        label="Failure window, hours"
        description="How long before an incident, hotfix or revert a deployment may have been its cause."
        hideControls
        min={1}
        max={8760}
        value={draft.failureWindowHours}
        onChange={(value) => {
          if (typeof value === "number") set({ failureWindowHours: value });
        }}
      />
      <fieldset className={css["causes"]}>
        <legend>A deployment failed when …</legend>
        {CAUSES.map((cause) => (
          <Checkbox
            key={cause}
            size="md"
            label={CAUSE_WORDS[cause]}
            checked={causes[cause]}
            onChange={(event) => set({ failureCauses: { ...causes, [cause]: event.currentTarget.checked } })}
          />
        ))}
      </fieldset>
      <Pick
        label="What lies before the first deployment of a service"
        data={[...POLICIES]}
        value={baseline.policy}
        onChange={(value) => {
          const policy = POLICIES.find((one) => one.value === value)?.value ?? "none";
          set({ baseline: { policy } });
        }}
      />
      {baseline.policy === "since" || baseline.policy === "tag" ? (
        <TextInput
          label={baseline.policy === "since" ? "From this day on" : "From this tag on"}
          type={baseline.policy === "since" ? "date" : "text"}
          value={baseline.value ?? ""}
          onChange={(event) =>
            set({ baseline: { policy: baseline.policy, value: event.currentTarget.value } })
          }
        />
      ) : null}
      <Checkbox
        size="md"
        label="Lead time of a draft begins when it is ready for review"
        checked={draft.excludeDraftTime}
        onChange={(event) => set({ excludeDraftTime: event.currentTarget.checked })}
      />
    </div>
  );
}
