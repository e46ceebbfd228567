import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { BlueprintDoc, PropertyDoc } from "../catalog/blueprint.ts";
import { requiredOf } from "../entity/draft.ts";
import { Tag } from "../parts/tag.tsx";

/** What a blueprint holds: properties, relations, and what is derived from where. */
export function Definitions({ blueprint }: { blueprint: BlueprintDoc }) {
  const required = requiredOf(blueprint);
  const { schema, relations, mirrorProperties, calculationProperties, aggregationProperties } = blueprint;
  return (
    <>
      <Part
        title="Properties"
        empty="No properties yet: add them in the JSON."
        heads={["Type", "Values and rules"]}
      >
        {Object.entries(schema?.properties ?? {}).map(([id, property]) => (
          <Row key={id} id={id} definition={property}>
            <td data-label="Type">
              <span>
                {typeText(property)} {required.has(id) ? <Tag>required</Tag> : null}
              </span>
            </td>
            <td data-label="Rules">
              <span>{rulesText(property)}</span>
            </td>
          </Row>
        ))}
      </Part>
      <Part title="Relations" empty="It relates to nothing." heads={["Leads to", "How many"]}>
        {Object.entries(relations ?? {}).map(([id, relation]) => (
          <Row key={id} id={id} definition={relation}>
            <td data-label="Leads to">
              <Link to="/builder/$blueprint" params={{ blueprint: relation.target }}>
                {relation.target}
              </Link>
            </td>
            <td data-label="How many">
              <span>
                {relation.many === true ? "many" : "one"}{" "}
                {relation.required === true ? <Tag>required</Tag> : null}
              </span>
            </td>
          </Row>
        ))}
      </Part>
      <Part title="Mirror properties" heads={["Path", ""]}>
        {Object.entries(mirrorProperties ?? {}).map(([id, mirror]) => (
          <Row key={id} id={id} definition={mirror}>
            <td data-label="Path">
              <code>{mirror.path}</code>
            </td>
            <td />
          </Row>
        ))}
      </Part>
      <Part title="Calculation properties" heads={["Type", "jq"]}>
        {Object.entries(calculationProperties ?? {}).map(([id, calculation]) => (
          <Row key={id} id={id} definition={calculation}>
            <td data-label="Type">
              <span>{typeText(calculation)}</span>
            </td>
            <td data-label="jq">
              <code>{calculation.calculation}</code>
            </td>
          </Row>
        ))}
      </Part>
      <Part title="Aggregation properties" heads={["Of", "Calculated"]}>
        {Object.entries(aggregationProperties ?? {}).map(([id, definition]) => {
          const { target, calculationSpec } = definition as { target?: string; calculationSpec?: unknown };
          return (
            <Row key={id} id={id} definition={definition}>
              <td data-label="Of">
                <span>{target}</span>
              </td>
              <td data-label="Calculated">
                <code>{JSON.stringify(calculationSpec)}</code>
              </td>
            </Row>
          );
        })}
      </Part>
    </>
  );
}

/** Parts without rows are left out, unless they say what to do. */
function Part({
  title,
  heads,
  empty,
  children,
}: {
  title: string;
  heads: readonly [string, string];
  empty?: string;
  children: ReactNode[];
}) {
  if (children.length === 0 && empty === undefined) return null;
  return (
    <section className="card" aria-labelledby={title}>
      <h2 id={title}>{title}</h2>
      {children.length === 0 ? (
        <p className="muted">{empty}</p>
      ) : (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={title}>
          <table className="data stacked">
            <thead>
              <tr>
                <th scope="col">Name</th>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head === "" ? <span className="sr">Nothing else</span> : head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({
  id,
  definition,
  children,
}: {
  id: string;
  definition: { title?: string | null; description?: string | null };
  children: ReactNode;
}) {
  return (
    <tr>
      <td>
        <strong style={{ fontWeight: 550 }}>{definition.title || id}</strong>{" "}
        <code className="muted">{id}</code>
        {definition.description ? <div className="muted small">{definition.description}</div> : null}
      </td>
      {children}
    </tr>
  );
}

function typeText({ type, format, spec, items }: PropertyDoc): string {
  const of = items?.type ? ` of ${items.type}` : "";
  return [`${type ?? "any"}${of}`, format, spec].filter(Boolean).join(" · ");
}

function rulesText(property: PropertyDoc): string {
  const { enum: options, pattern, minimum, maximum, default: initial } = property;
  return [
    options && options.length > 0 ? `one of ${options.join(", ")}` : "",
    pattern ? `matches ${pattern}` : "",
    minimum === undefined ? "" : `at least ${minimum}`,
    maximum === undefined ? "" : `at most ${maximum}`,
    initial === undefined || initial === null ? "" : `${JSON.stringify(initial)} when not given`,
  ]
    .filter(Boolean)
    .join("; ");
}
