import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type BlueprintDoc, columnsOf, type PropertyDoc, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { MeasuredProperty } from "../catalog/measured.tsx";
import { requiredOf } from "../entity/draft.ts";
import { Tag } from "../parts/tag.tsx";
import { ActionsMenu } from "../parts/actions-menu.tsx";
import { aggregationText } from "./aggregation-words.ts";
import css from "./builder.module.css";
import { type Kind, KIND_INFO } from "./definition-kind.ts";
import { DerivationNote } from "./derivation-note.tsx";
import { derivationQuery } from "./derivation-query.ts";
import { PROPERTY_TYPES, typeIdOf } from "./property-types.ts";

export interface DefinitionActions {
  readonly onAdd: (kind: Kind) => void;
  readonly onEdit: (kind: Kind, id: string) => void;
  readonly onDelete: (kind: Kind, id: string) => void;
}

/** What a blueprint holds: properties, relations, and what is derived from where. */
export function Definitions({
  blueprint,
  actions,
}: {
  blueprint: BlueprintDoc;
  actions: DefinitionActions | null;
}) {
  const required = requiredOf(blueprint);
  const isDerived = [
    blueprint.mirrorProperties,
    blueprint.calculationProperties,
    blueprint.aggregationProperties,
  ].some((map) => Object.keys(map ?? {}).length > 0);
  const derived = useQuery({ ...derivationQuery(blueprint.identifier), enabled: isDerived });
  const noteOf = (id: string) => (
    <DerivationNote state={derived.data?.find((one) => one.identifier === id)} />
  );
  const { data: all = [] } = useQuery(allBlueprintsQuery);
  const found = (id: string | undefined) => all.find(({ identifier }) => identifier === id);
  const nameOf = (id: string): string => titleOf(found(id) ?? { identifier: id });
  const { schema, relations, mirrorProperties, calculationProperties, aggregationProperties } = blueprint;
  const properties = Object.entries(schema?.properties ?? {});
  return (
    <>
      {derived.data?.some(({ state }) => state === "rebuilding") ? (
        <p className="muted small">Where values are rebuilt, old ones stay until the new ones are there.</p>
      ) : null}
      <Part
        kind="property"
        actions={actions}
        title="Properties"
        empty="No properties yet."
        heads={[
          "Type",
          properties.some(([, property]) => rulesText(property) !== "") ? "Values and rules" : "",
        ]}
      >
        {properties.map(([id, property]) => (
          <Row key={id} id={id} definition={property} kind="property" actions={actions}>
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
      <Part
        kind="relation"
        actions={actions}
        title="Relations"
        empty="It relates to nothing yet."
        heads={["Target", "How many"]}
      >
        {Object.entries(relations ?? {}).map(([id, relation]) => (
          <Row key={id} id={id} definition={relation} kind="relation" actions={actions}>
            <td data-label="Target">
              <Link to="/builder/$blueprint" params={{ blueprint: relation.target }} title={relation.target}>
                {nameOf(relation.target)}
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
      <Part kind="mirror" actions={actions} title="Mirror properties" heads={["Path", ""]}>
        {Object.entries(mirrorProperties ?? {}).map(([id, mirror]) => (
          <Row key={id} id={id} definition={mirror} kind="mirror" actions={actions} note={noteOf(id)}>
            <td data-label="Path">
              <code>{mirror.path}</code>
            </td>
            <td />
          </Row>
        ))}
      </Part>
      <Part kind="calculation" actions={actions} title="Calculation properties" heads={["Type", "jq"]}>
        {Object.entries(calculationProperties ?? {}).map(([id, calculation]) => (
          <Row
            key={id}
            id={id}
            definition={calculation}
            kind="calculation"
            actions={actions}
            note={noteOf(id)}
          >
            <td data-label="Type">
              <span>{typeText(calculation)}</span>
            </td>
            <td data-label="jq">
              <details className={css["program"]}>
                <summary>Show jq</summary>
                <code>{calculation.calculation}</code>
              </details>
            </td>
          </Row>
        ))}
      </Part>
      <Part
        kind="aggregation"
        actions={actions}
        title="Aggregation properties"
        heads={["Blueprint", "Calculated"]}
      >
        {Object.entries(aggregationProperties ?? {}).map(([id, definition]) => {
          const { target } = definition as { target?: string };
          const of = found(target);
          const columns = of === undefined ? [] : columnsOf(of, all);
          return (
            <Row
              key={id}
              id={id}
              definition={definition}
              kind="aggregation"
              actions={actions}
              note={noteOf(id)}
            >
              <td data-label="Blueprint">
                <span title={target}>{nameOf(target ?? "")}</span>
              </td>
              <td data-label="Calculated">
                <span>
                  {aggregationText(
                    definition,
                    (name) => columns.find((one) => one.id === name)?.title ?? name,
                  )}{" "}
                  <MeasuredProperty blueprint={blueprint} id={id} />
                </span>
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
  kind,
  actions,
  heads,
  empty,
  children,
}: {
  title: string;
  kind: Kind;
  actions: DefinitionActions | null;
  heads: readonly [string, string];
  empty?: string;
  children: ReactNode[];
}) {
  if (children.length === 0 && empty === undefined && actions === null) return null;
  return (
    <section className="card" aria-labelledby={title}>
      <div className={css["partHead"]}>
        <h2 id={title}>{title}</h2>
        {actions ? (
          <Button
            size="xs"
            variant="subtle"
            leftSection={<IconPlus size={14} aria-hidden />}
            aria-label={`Add ${KIND_INFO[kind].label.toLowerCase()}`}
            onClick={() => actions.onAdd(kind)}
          >
            Add
          </Button>
        ) : null}
      </div>
      {children.length === 0 ? (
        <p className="muted">{empty ?? `${KIND_INFO[kind].about}.`}</p>
      ) : (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={`${title}, table`}>
          <table className="data stacked">
            <thead>
              <tr>
                <th scope="col">Name</th>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head === "" ? <span className="sr">Nothing else</span> : head}
                  </th>
                ))}
                {actions ? (
                  <th scope="col" className={css["menuColumn"]}>
                    <span className="sr">Actions</span>
                  </th>
                ) : null}
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
  kind,
  actions,
  definition,
  note,
  children,
}: {
  id: string;
  kind: Kind;
  actions: DefinitionActions | null;
  definition: { title?: string | null; description?: string | null };
  note?: ReactNode;
  children: ReactNode;
}) {
  return (
    <tr>
      <td>
        {actions ? (
          <button type="button" className={css["named"]} onClick={() => actions.onEdit(kind, id)}>
            {definition.title || id}
          </button>
        ) : (
          <strong style={{ fontWeight: 550 }}>{definition.title || id}</strong>
        )}{" "}
        <code className="muted">{id}</code>
        {definition.description ? <div className="muted small">{definition.description}</div> : null}
        {note}
      </td>
      {children}
      {actions ? (
        <td data-label="Actions">
          <span>
            <ActionsMenu
              label={definition.title || id}
              actions={[
                { label: "Edit", onChoose: () => actions.onEdit(kind, id) },
                { label: "Delete", isDanger: true, onChoose: () => actions.onDelete(kind, id) },
              ]}
            />
          </span>
        </td>
      ) : null}
    </tr>
  );
}

/** As the form calls it. */
function typeText(property: PropertyDoc): string {
  const id = typeIdOf({ ...property });
  return PROPERTY_TYPES.find((one) => one.id === id)?.label ?? writtenType(property);
}

function writtenType({ type, format, spec, items }: PropertyDoc): string {
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
