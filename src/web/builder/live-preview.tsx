import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, postJson } from "../api/client.ts";
import { type BlueprintDoc, type EntityDoc, showValue } from "../catalog/blueprint.ts";
import { suggestQuery } from "../catalog/queries.ts";
import { Bone } from "../parts/bone.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import css from "./builder.module.css";
import type { Definition, Kind } from "./definition-kind.ts";

interface Tried {
  readonly state: "computed" | "large" | "walks";
  readonly type: string | null;
  readonly values: readonly {
    readonly identifier: string;
    readonly title: string | null;
    readonly before: unknown;
    readonly value: unknown;
    readonly error: string | null;
  }[];
}

const previewQuery = (
  blueprint: string,
  kind: Kind,
  identifier: string,
  definition: Definition,
  entity: string | null,
) => {
  const body = { kind, identifier, definition, ...(entity === null ? {} : { entities: [entity] }) };
  return queryOptions({
    queryKey: ["entities", blueprint, "preview", body],
    queryFn: ({ signal }) =>
      postJson<{ preview: Tried }>(
        `/v1/blueprints/${encodeURIComponent(blueprint)}/preview-property`,
        body,
        signal,
      ),
    select: (answer) => answer.preview,
    placeholderData: keepPreviousData,
    retry: false,
  });
};

/** The server is asked once typing rests. */
const REST_MS = 350;
/** What is tried is not saved, and has a name all the same. */
const UNNAMED = "preview";

/** What the definition would give for real entities, computed by the server as it will be when saved. */
export function LivePreview({
  blueprint,
  kind,
  identifier,
  definition,
}: {
  blueprint: BlueprintDoc;
  kind: Kind;
  identifier: string;
  definition: Definition;
}) {
  const [entity, setEntity] = useState<string | null>(null);
  const [wanted] = useDebouncedValue(JSON.stringify(definition), REST_MS);
  const asked = JSON.parse(wanted) as Definition;
  const named = asked["title"] === undefined ? { title: identifier || UNNAMED, ...asked } : asked;
  const isBegun = !["path", "calculation", "target"].some((key) => asked[key] === "");
  const tried = useQuery({
    ...previewQuery(blueprint.identifier, kind, identifier || UNNAMED, named, entity),
    enabled: isBegun,
  });
  return (
    <section aria-label="Preview" aria-busy={tried.isFetching}>
      <div className={css["partHead"]}>
        <h3>Preview</h3>
        <EntityChoice blueprint={blueprint.identifier} value={entity} onChange={setEntity} />
      </div>
      {!isBegun ? (
        <p className="muted small">Fill in the form to see values of real entities.</p>
      ) : tried.error ? (
        <p className={css["failed"]} role="status">
          {tried.error instanceof ApiError ? tried.error.message : "The preview could not be loaded."}
        </p>
      ) : tried.data === undefined ? (
        <Bone height={120} />
      ) : (
        <Outcome blueprint={blueprint.identifier} tried={tried.data} />
      )}
    </section>
  );
}

function Outcome({ blueprint, tried: { state, values } }: { blueprint: string; tried: Tried }) {
  if (state === "large")
    return (
      <p className="muted small" role="status">
        The values follow from more than 5,000 entities: they are computed in the background when it is saved.
        Choose an entity with fewer.
      </p>
    );
  if (state === "walks")
    return (
      <p className="muted small" role="status">
        The query follows relations, which a preview does not: the values are computed when it is saved.
      </p>
    );
  if (values.length === 0)
    return <p className="muted small">There are no entities yet that it could be tried on.</p>;
  return (
    <div className={css["tried"]} tabIndex={0} role="region" aria-label="Values of the preview">
      <table>
        <thead>
          <tr>
            <th scope="col">Entity</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {values.map(({ identifier, title, before, value, error }) => (
            <tr key={identifier}>
              <th scope="row">
                <EntityRef blueprint={blueprint} identifier={identifier} title={title} isApart />
              </th>
              <td>
                {error === null ? (
                  value === null ? (
                    <span className="muted">no value</span>
                  ) : (
                    <code>{showValue(value)}</code>
                  )
                ) : (
                  <span className={css["failed"]}>{error}</span>
                )}
                {before !== null && JSON.stringify(before) !== JSON.stringify(value) ? (
                  <div className="muted small">now {showValue(before)}</div>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function EntityChoice({
  blueprint,
  value,
  onChange,
}: {
  blueprint: string;
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text, 200);
  const found = useQuery(suggestQuery(blueprint, wanted));
  const options: readonly EntityDoc[] = found.data ?? [];
  const data = options.map(({ identifier, title }) => ({ value: identifier, label: title || identifier }));
  const isListed = value === null || data.some((option) => option.value === value);
  return (
    <Select
      size="xs"
      aria-label="Entity to try it on"
      placeholder="The first five entities"
      searchable
      clearable
      value={value}
      data={isListed ? data : [...data, { value, label: value }]}
      filter={({ options: all }) => all}
      onSearchChange={setText}
      onChange={onChange}
    />
  );
}
