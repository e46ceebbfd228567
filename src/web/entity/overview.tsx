import { ActionIcon } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import {
  type BlueprintDoc,
  type Column,
  columnsOf,
  type EntityDoc,
  isSystem,
  type PropertyDoc,
  valueIn,
} from "../catalog/blueprint.ts";
import { MeasuredProperty } from "../catalog/measured.tsx";
import { isLabeledUrl, Value } from "../catalog/value.tsx";
import { Ago } from "../parts/ago.tsx";
import { Actor } from "../parts/actor.tsx";
import css from "./entity.module.css";
import { identifiersOf, RelatedLinks } from "./related-links.tsx";
import { rightsQuery } from "./rights.ts";
import type { Tab } from "./tabs.ts";

/** Fields are most of the code; they come when one is edited. */
const InlineEdit = lazy(() => import("./inline-edit.tsx").then((module) => ({ default: module.InlineEdit })));

interface Props {
  blueprint: BlueprintDoc;
  entity: EntityDoc;
  /** Of its page: what has a tab of its own is not written out here. */
  tabs: readonly Tab[];
}

/** Everything that is known of an entity: its properties, what was derived, what it relates to, where it came from. */
export function Overview({ blueprint, entity, tabs }: Props) {
  const columns = columnsOf(blueprint);
  const own = columns.filter(({ source }) => source === "property");
  const derived = columns.filter(
    ({ source }) => source !== null && source !== "property" && source !== "relation",
  );
  const relations = columns.filter(({ source }) => source === "relation");
  const shared = { blueprint, entity, tabs };
  return (
    <div className={css["halves"]}>
      <div>
        <Facts title="Properties" columns={own} {...shared} empty="This blueprint has no properties." />
        {derived.length > 0 ? <Facts title="Derived" columns={derived} {...shared} /> : null}
      </div>
      <div>
        {relations.length > 0 ? <Facts title="Relations" columns={relations} {...shared} /> : null}
        <section className={`card ${css["card"]}`} aria-labelledby="about">
          <h2 id="about">About</h2>
          <dl className={css["facts"]}>
            <dt>Identifier</dt>
            <dd>
              <code>{entity.identifier}</code>
            </dd>
            {columns
              .filter(({ id }) => id === "$team")
              .map((column) => (
                <Fact key={column.id} column={column} {...shared} />
              ))}
            <dt>Created</dt>
            <dd>
              {entity.createdAt ? <Ago iso={entity.createdAt} /> : "–"} by <Actor id={entity.createdBy} />
            </dd>
            <dt>Last update</dt>
            <dd>
              {entity.updatedAt ? <Ago iso={entity.updatedAt} /> : "–"} by <Actor id={entity.updatedBy} />
            </dd>
          </dl>
        </section>
      </div>
    </div>
  );
}

function Facts({
  title,
  columns,
  empty,
  ...shared
}: Props & { title: string; columns: readonly Column[]; empty?: string }) {
  const [isWhole, setWhole] = useState(false);
  const blank = columns.filter((column) => hasNone(valueIn(shared.entity, column)));
  const isFolded = blank.length > 1 && !isWhole;
  return (
    <section className={`card ${css["card"]}`} aria-labelledby={title}>
      <h2 id={title}>{title}</h2>
      {columns.length === 0 ? <p className="muted">{empty}</p> : null}
      <dl className={css["facts"]}>
        {(isFolded ? columns.filter((column) => !blank.includes(column)) : columns).map((column) => (
          <Fact key={column.id} column={column} {...shared} />
        ))}
      </dl>
      {isFolded ? (
        <button type="button" className={css["more"]} onClick={() => setWhole(true)}>
          Show {blank.length} empty
        </button>
      ) : null}
    </section>
  );
}

const hasNone = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

function Fact({ column, blueprint, entity, tabs }: Props & { column: Column }) {
  const value = valueIn(entity, column);
  const isLong = column.kind === "object" && value !== null && value !== undefined && !isLabeledUrl(value);
  const tab = tabs.find((one) => one.kind === "property" && one.property === column.id);
  const definition = column.source === "property" ? blueprint.schema?.properties?.[column.id] : undefined;
  return (
    <>
      <dt title={column.description ?? undefined}>
        {column.title}
        {isCounted(column) ? <MeasuredProperty blueprint={blueprint} id={column.id} /> : null}
      </dt>
      <dd>
        {tab !== undefined ? (
          <Link
            to="/c/$blueprint/$id"
            params={{ blueprint: blueprint.identifier, id: entity.identifier }}
            search={{ tab: tab.key }}
            resetScroll={false}
          >
            Open {tab.title}
          </Link>
        ) : column.kind === "relation" && identifiersOf(value).length > 0 ? (
          <RelatedLinks target={column.target ?? ""} identifiers={identifiersOf(value)} />
        ) : isLong ? (
          <pre>{JSON.stringify(value, null, 2)}</pre>
        ) : definition !== undefined && isShort(definition) ? (
          <Editable column={column} property={definition} blueprint={blueprint} entity={entity} />
        ) : (
          <Value column={column} value={value} isWhole />
        )}
      </dd>
    </>
  );
}

const isCounted = ({ source }: Column): boolean => source === "aggregation" || source === "calculation";

/** What fits a line is edited where it stands; the rest in the form. */
const isShort = ({ type, format, items }: PropertyDoc): boolean =>
  type === "array"
    ? items?.type === "string"
    : type !== "object" && !["markdown", "yaml", "proto"].includes(format ?? "");

/** The value, and for those who may change it a pencil that makes it a field. */
function Editable({
  column,
  property,
  blueprint,
  entity,
}: {
  column: Column;
  property: PropertyDoc;
  blueprint: BlueprintDoc;
  entity: EntityDoc;
}) {
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const rights = useQuery({
    ...rightsQuery(blueprint.identifier, entity.identifier),
    enabled: !isSystem(blueprint.identifier),
  }).data;
  const value = valueIn(entity, column);
  if (editing)
    return (
      <Suspense>
        <InlineEdit
          id={column.id}
          property={property}
          blueprint={blueprint}
          entity={entity}
          onClose={() => {
            setEditing(false);
            // The pencil is there again after this.
            setTimeout(() => pencil.current?.focus(), 0);
          }}
        />
      </Suspense>
    );
  return (
    <span className={css["editable"]}>
      <span>
        <Value column={column} value={value} isWhole />
      </span>
      {rights?.properties.includes(column.id) === true ? (
        <ActionIcon
          ref={pencil}
          size={24}
          className={css["pencil"] ?? ""}
          aria-label={`Edit ${column.title}`}
          onClick={() => setEditing(true)}
        >
          <IconPencil size={14} aria-hidden />
        </ActionIcon>
      ) : null}
    </span>
  );
}
