import { useQuery } from "@tanstack/react-query";
import { doraModelQuery } from "../api/queries.ts";
import { type BlueprintDoc, columnsOf } from "./blueprint.ts";
import { aggregationsBehind, inCommon, measuredParts, rulesIn } from "./measured-text.ts";
import { allBlueprintsQuery } from "./queries.ts";

/** Over which window and which entities a number was counted; nothing where it was over all. Of several numbers what holds for each. */
export function Measured({
  of,
  preset = null,
}: {
  /** Blueprint of what is counted, and which of it. */
  of: readonly { readonly blueprint: string; readonly rules: readonly object[] }[];
  preset?: string | null;
}) {
  const partsOf = useParts();
  return <Said parts={inCommon(of.map(({ blueprint, rules }) => partsOf(blueprint, rules, preset)))} />;
}

/** The same of a property: of an aggregation, or of a calculation over some. */
export function MeasuredProperty({ blueprint, id }: { blueprint: BlueprintDoc; id: string }) {
  const behind = aggregationsBehind(blueprint, id);
  const title = (blueprint.aggregationProperties?.[id] ?? blueprint.calculationProperties?.[id])?.title ?? "";
  const partsOf = useParts(behind.length > 0);
  return (
    <Said
      parts={inCommon(behind.map(({ target = "", query }) => partsOf(target, rulesIn(query), null))).filter(
        // The title may say it already: “(30 days)”.
        (part) => !title.includes(part.replace(/^last /, "")),
      )}
    />
  );
}

function Said({ parts }: { parts: readonly string[] }) {
  if (parts.length === 0) return null;
  return (
    <span className="muted small" style={{ display: "block" }}>
      {parts.join(" · ")}
    </span>
  );
}

function useParts(isAsked = true) {
  const blueprints = useQuery({ ...allBlueprintsQuery, enabled: isAsked }).data;
  const deployments = useQuery({ ...doraModelQuery, enabled: isAsked }).data?.roles.deployment;
  return (target: string, rules: readonly object[], preset: string | null): readonly string[] => {
    // Until it is known what the environment of a deployment is, nothing is said of it.
    if (blueprints === undefined || deployments === undefined) return [];
    const definition = blueprints.find(({ identifier }) => identifier === target);
    const path = deployments.find(({ blueprint }) => blueprint === target)?.fields["environment"];
    const environment = path?.startsWith("properties.") ? path.slice("properties.".length) : null;
    return measuredParts({ columns: definition ? columnsOf(definition) : [], environment, rules, preset });
  };
}
