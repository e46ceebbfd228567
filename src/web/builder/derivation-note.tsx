import { count, percent, plural } from "../lib/format.ts";
import { Tag } from "../parts/tag.tsx";
import type { DerivedState } from "./derivation-query.ts";

/** What is to be known of a derived property beside its definition; nothing while all is well. */
export function DerivationNote({ state }: { state: DerivedState | undefined }) {
  if (state === undefined) return null;
  const { problem, progress, failing, errors, example } = state;
  return (
    <>
      {state.state === "rebuilding" ? (
        <div>
          <Tag tone="warn">rebuilding, {percent(progress)}</Tag>
        </div>
      ) : null}
      {problem === null ? null : (
        <div>
          <Tag tone="bad">broken</Tag> <span className="small">{problem}</span>
        </div>
      )}
      {failing === 0 ? null : (
        <div>
          <Tag tone="bad">not computed for {count(failing)}</Tag>{" "}
          <span className="small">It is tried again; the server’s log says why.</span>
        </div>
      )}
      {errors === 0 ? null : (
        <div>
          <Tag tone="bad">fails for {plural(errors, "entity", "entities")}</Tag>{" "}
          {example === null ? null : (
            <span className="small">
              <code>{example.identifier}</code>: {example.message}
            </span>
          )}
        </div>
      )}
    </>
  );
}
