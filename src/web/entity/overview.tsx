import { type BlueprintDoc, type Column, columnsOf, type EntityDoc, valueIn } from "../catalog/blueprint.ts";
import { Value } from "../catalog/value.tsx";
import { Ago } from "../parts/ago.tsx";
import css from "./entity.module.css";

/** Everything that is known of an entity: its properties, what was derived, what it relates to, where it came from. */
export function Overview({ blueprint, entity }: { blueprint: BlueprintDoc; entity: EntityDoc }) {
  const columns = columnsOf(blueprint);
  const own = columns.filter(({ source }) => source === "property");
  const derived = columns.filter(
    ({ source }) => source !== null && source !== "property" && source !== "relation",
  );
  const relations = columns.filter(({ source }) => source === "relation");
  return (
    <div className={css["halves"]}>
      <div>
        <Facts title="Properties" columns={own} entity={entity} empty="This blueprint has no properties." />
        {derived.length > 0 ? <Facts title="Derived" columns={derived} entity={entity} /> : null}
      </div>
      <div>
        {relations.length > 0 ? <Facts title="Relations" columns={relations} entity={entity} /> : null}
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
                <Fact key={column.id} column={column} entity={entity} />
              ))}
            <dt>Created</dt>
            <dd>
              {entity.createdAt ? <Ago iso={entity.createdAt} /> : "–"} by {entity.createdBy ?? "–"}
            </dd>
            <dt>Last update</dt>
            <dd>
              {entity.updatedAt ? <Ago iso={entity.updatedAt} /> : "–"} by {entity.updatedBy ?? "–"}
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
  entity,
  empty,
}: {
  title: string;
  columns: readonly Column[];
  entity: EntityDoc;
  empty?: string;
}) {
  return (
    <section className={`card ${css["card"]}`} aria-labelledby={title}>
      <h2 id={title}>{title}</h2>
      {columns.length === 0 ? <p className="muted">{empty}</p> : null}
      <dl className={css["facts"]}>
        {columns.map((column) => (
          <Fact key={column.id} column={column} entity={entity} />
        ))}
      </dl>
    </section>
  );
}

function Fact({ column, entity }: { column: Column; entity: EntityDoc }) {
  const value = valueIn(entity, column);
  const isLong = column.kind === "object" && value !== null && value !== undefined;
  return (
    <>
      <dt title={column.description ?? undefined}>{column.title}</dt>
      <dd>
        {isLong ? <pre>{JSON.stringify(value, null, 2)}</pre> : <Value column={column} value={value} />}
      </dd>
    </>
  );
}
