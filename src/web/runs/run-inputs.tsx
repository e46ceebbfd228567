import { useQuery } from "@tanstack/react-query";
import { actionQuery } from "../actions/queries.ts";
import type { RunDoc } from "../actions/types.ts";
import { showValue } from "../catalog/blueprint.ts";
import css from "./runs.module.css";

/** What a run was given, by the titles of the form. */
export function RunInputs({ run: { action, properties } }: { run: RunDoc }) {
  const definition = useQuery({
    ...actionQuery(action.identifier),
    enabled: action.deleted !== true,
    retry: false,
  });
  const inputs = Object.entries(properties).filter(([, value]) => value !== null);
  const ruleOf = (key: string) => definition.data?.trigger.userInputs?.properties?.[key];
  if (inputs.length === 0) return <p className="muted small">It was given none.</p>;
  return (
    <dl className={css["inputs"]}>
      {inputs.map(([key, value]) => (
        <div key={key} style={{ display: "contents" }}>
          <dt>{ruleOf(key)?.title || key}</dt>
          <dd>{ruleOf(key)?.encryption ? <span className="muted">Encrypted</span> : inputText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function inputText(value: unknown): string {
  if (value === null || value === "") return "–";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.map(inputText).join(", ");
  if (typeof value === "object") {
    const { title, identifier } = value as { title?: unknown; identifier?: unknown };
    if (typeof identifier === "string") return typeof title === "string" && title !== "" ? title : identifier;
    return JSON.stringify(value);
  }
  return showValue(value);
}
