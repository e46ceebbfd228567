import css from "./sources.module.css";

interface Props {
  trial: {
    readonly entities: readonly { readonly blueprint: string; readonly entity: unknown }[];
    readonly errors: readonly { readonly resource: number; readonly key: string; readonly reason: string }[];
  };
  /** What an entry of the mapping is called. */
  part: string;
}

/** What a mapping made of something: entities, and what went wrong. */
export function MappingOutcome({ trial: { entities, errors }, part }: Props) {
  return (
    <div className="stack" role="status">
      <p>
        {entities.length === 0
          ? "No entity comes of it."
          : `${entities.length} ${entities.length === 1 ? "entity" : "entities"}:`}
      </p>
      {errors.length === 0 ? null : (
        <ul className="small" style={{ color: "var(--bad)" }}>
          {errors.map(({ resource, key, reason }) => (
            <li key={`${resource} ${key} ${reason}`}>
              {part} {resource + 1}
              {key === "" ? "" : `, ${key}`}: {reason}
            </li>
          ))}
        </ul>
      )}
      {entities.length === 0 ? null : (
        <pre className={css["result"]} tabIndex={0} aria-label="Entities that come of it">
          {JSON.stringify(
            entities.map(({ blueprint, entity }) => ({ blueprint, ...(entity as object) })),
            null,
            2,
          )}
        </pre>
      )}
    </div>
  );
}
