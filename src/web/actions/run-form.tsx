import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../api/client.ts";
import { entityQuery } from "../catalog/queries.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { Unsaved } from "../parts/unsaved.tsx";
import css from "./actions.module.css";
import { encryptFor, keyOf } from "./encrypt.ts";
import { EntityInput } from "./entity-input.tsx";
import { FormFields } from "./form-fields.tsx";
import { orderOf } from "./order-of.ts";
import { startRun } from "./queries.ts";
import { missingIn, sentOf } from "./settle-form.ts";
import type { ActionDoc } from "./types.ts";
import { useActionForm } from "./use-action-form.ts";

interface Props {
  action: ActionDoc;
  /** The entity it runs on, where it is known already. */
  target: string | null;
  initial: Readonly<Record<string, unknown>>;
  /** Tries the form out: nothing is run. */
  isPreview?: boolean;
  /** Waited for before the run is gone to. */
  onClose: () => void | Promise<void>;
}

/** Names an input: `properties.region "x" is not one of …`. */
const AT_FIELD = /^properties\.([A-Za-z0-9@_=-]+)/;

/** The form of an action, step by step where it has steps; what the server refuses stands at its field. */
export function RunForm({ action, target, initial, isPreview = false, onClose }: Props) {
  const { trigger } = action;
  const form = trigger.userInputs ?? {};
  const blueprint = trigger.blueprintIdentifier ?? null;
  const takesEntity = blueprint !== null && trigger.operation !== undefined && trigger.operation !== "CREATE";
  const [chosen, setChosen] = useState(target);
  const [isEntityMissing, setEntityMissing] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const entity = useQuery({
    ...entityQuery(blueprint ?? "", chosen ?? ""),
    enabled: takesEntity && chosen !== null,
  });
  const { state, sent, change, isPending, error } = useActionForm(form, entity.data ?? null, initial);
  const steps = (form.steps ?? []).filter(({ visible }) => state.holds(visible, true));
  const [at, setAt] = useState(0);
  const step = steps[Math.min(at, steps.length - 1)];
  const isLast = step === undefined || at >= steps.length - 1;
  const keys = step === undefined ? orderOf(form) : step.order;
  const client = useQueryClient();
  const navigate = useNavigate();

  const show = (found: Record<string, string>) => {
    setErrors(found);
    const [first] = Object.keys(found);
    const where = steps.findIndex(({ order }) => first !== undefined && order.includes(first));
    if (where >= 0) setAt(where);
  };
  const run = useMutation({
    mutationFn: async () => {
      const properties = sentOf(state, sent);
      for (const [key, value] of Object.entries(properties)) {
        const pem = keyOf(form.properties?.[key]?.encryption);
        if (pem !== null && typeof value === "string" && value !== "")
          properties[key] = await encryptFor(pem, value);
      }
      return startRun(action.identifier, {
        properties,
        ...(takesEntity && chosen !== null ? { entity: chosen } : {}),
      });
    },
    onSuccess: async ({ run: { id } }) => {
      await client.invalidateQueries({ queryKey: ["runs"] });
      await onClose();
      void navigate({ to: "/runs/$run", params: { run: id }, ignoreBlocker: true });
    },
    onError: (failure) => {
      const [, key] = AT_FIELD.exec(failure.message) ?? [];
      if (key !== undefined && state.fields.get(key)?.visible === true)
        show({ [key]: failure.message.replace(AT_FIELD, "").replace(/^[: ]+/, "") || failure.message });
    },
  });
  const isAtField =
    run.error instanceof ApiError && Object.hasOwn(errors, AT_FIELD.exec(run.error.message)?.[1] ?? "");

  const isWithoutEntity = takesEntity && chosen === null;
  const next = () => {
    const missing = missingIn(state, isLast ? [...state.fields.keys()] : keys);
    const isUntold = at === 0 && isWithoutEntity && !isPreview;
    setEntityMissing(isUntold);
    if (missing.length > 0 || isUntold)
      return show(Object.fromEntries(missing.map((key) => [key, "Fill this in."])));
    setErrors({});
    if (!isLast) return setAt(at + 1);
    if (!isPreview) run.mutate();
  };
  const set = (key: string, value: unknown) => {
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([other]) => other !== key)));
    change(key, value);
  };

  if (isPending && error === null) return <Bone height={200} />;
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      {isPreview ? null : <Unsaved value={[sent, chosen]} />}
      {error ? <ErrorPanel what="load what works out this form" error={error} /> : null}
      {action.requiredApproval ? (
        <Notice>This action waits for approval before anything happens.</Notice>
      ) : null}
      {run.error && !isAtField ? <ErrorPanel what="run the action" error={run.error} /> : null}
      {takesEntity && target === null && at === 0 ? (
        <EntityInput
          common={{
            label: `Run on which ${blueprint}`,
            description: null,
            required: true,
            disabled: false,
            error: isEntityMissing && isWithoutEntity ? "Fill this in." : null,
            size: "sm",
          }}
          rules={{
            format: "entity",
            blueprint,
            ...(trigger.condition ? { dataset: trigger.condition } : {}),
          }}
          value={chosen}
          onChange={(value) => setChosen(typeof value === "string" ? value : null)}
        />
      ) : null}
      {steps.length > 0 ? (
        <ol className={css["steps"]} aria-label="Steps">
          {steps.map(({ title }, index) => (
            <li key={title}>
              <button
                type="button"
                aria-current={index === at ? "step" : undefined}
                disabled={index > at}
                onClick={() => setAt(index)}
              >
                <span>{index + 1}</span>
                {title}
              </button>
            </li>
          ))}
        </ol>
      ) : null}
      {state.fields.size === 0 ? (
        <p className="muted">This action asks for nothing.</p>
      ) : (
        <FormFields form={form} keys={keys} state={state} errors={errors} onChange={set} />
      )}
      <div className="row">
        {steps.length > 0 && at > 0 ? (
          <Button variant="default" onClick={() => setAt(at - 1)}>
            Back
          </Button>
        ) : null}
        <Button
          type="submit"
          {...(trigger.operation === "DELETE" && isLast ? { color: "red" } : {})}
          loading={run.isPending}
          disabled={isLast && isPreview}
        >
          {isLast ? trigger.executeActionButtonText || "Run" : "Next"}
        </Button>
        {isPreview ? null : (
          <Button variant="subtle" color="gray" onClick={() => void onClose()}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}
