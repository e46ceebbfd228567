import type { RelationDoc } from "../catalog/blueprint.ts";
import { identifiersOf, RelatedLinks } from "./related-links.tsx";

/** What one relation of the entity points at. */
export function LinkedEntities({
  id,
  relation,
  of,
  value,
}: {
  id: string;
  relation: RelationDoc;
  /** The title of the blueprint that it leads to. */
  of: string;
  value: unknown;
}) {
  const identifiers = identifiersOf(value);
  return (
    <section className="stack" style={{ gap: 6 }} aria-label={relation.title || id}>
      <h3>
        {relation.title || id}{" "}
        <span className="muted" style={{ fontWeight: 400 }}>
          {of}
        </span>
      </h3>
      {identifiers.length === 0 ? (
        <p className="muted">None.</p>
      ) : (
        <RelatedLinks target={relation.target} identifiers={identifiers} />
      )}
    </section>
  );
}
