import { Link } from "@tanstack/react-router";
import type { RelationDoc } from "../catalog/blueprint.ts";

/** What one relation of the entity points at. */
export function LinkedEntities({
  id,
  relation,
  value,
}: {
  id: string;
  relation: RelationDoc;
  value: unknown;
}) {
  const identifiers = Array.isArray(value)
    ? value.map(String)
    : typeof value === "string" && value !== ""
      ? [value]
      : [];
  return (
    <section className="stack" style={{ gap: 6 }} aria-label={relation.title || id}>
      <h2>
        {relation.title || id}{" "}
        <span className="muted" style={{ fontWeight: 400 }}>
          {relation.target}
        </span>
      </h2>
      {identifiers.length === 0 ? (
        <p className="muted">None.</p>
      ) : (
        <ul className="row">
          {identifiers.map((identifier) => (
            <li key={identifier}>
              <Link to="/c/$blueprint/$id" params={{ blueprint: relation.target, id: identifier }}>
                {identifier}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
