import { Button } from "@mantine/core";
import { useState } from "react";
import { plural } from "../lib/format.ts";
import { EntityRef } from "../parts/entity-ref.tsx";
import { Tag } from "../parts/tag.tsx";
import type { Detail, EntityPicture } from "./entity-picture.ts";

interface Props {
  picture: EntityPicture;
  middle: string;
  onToggle: (key: string) => void;
}

const FIRST = 300;

/** The same graph as rows: how far, what, of which blueprint, and by which relation it was found. */
export function GraphList({ picture, middle, onToggle }: Props) {
  const [all, setAll] = useState(false);
  const rows = [...picture.details.values()]
    .filter(({ key }) => key !== middle)
    .sort(
      (a, b) =>
        Math.abs(a.column) - Math.abs(b.column) || a.column - b.column || a.title.localeCompare(b.title),
    );
  const shown = all ? rows : rows.slice(0, FIRST);
  return (
    <div className="card">
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Related entities as a list">
        <table className="data stacked">
          <thead>
            <tr>
              <th scope="col">Entity</th>
              <th scope="col">Blueprint</th>
              <th scope="col">Distance</th>
              <th scope="col">Found by</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.key}>
                <td>
                  <Name row={row} onToggle={onToggle} />
                </td>
                <td data-label="Blueprint">
                  <span>
                    {row.note} {row.kind === "group" ? <Tag>folded</Tag> : null}
                  </span>
                </td>
                <td data-label="Distance">
                  <span style={{ whiteSpace: "nowrap" }}>
                    {plural(Math.abs(row.column), "hop")} {row.column < 0 ? "upstream" : "downstream"}
                  </span>
                </td>
                <td data-label="Found by">
                  <span className="muted">{picture.via(row)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < rows.length ? (
        <Button size="compact-sm" variant="default" onClick={() => setAll(true)}>
          Show all {rows.length}
        </Button>
      ) : null}
    </div>
  );
}

function Name({ row, onToggle }: { row: Detail; onToggle: (key: string) => void }) {
  if (row.kind === "group")
    return (
      <span className="row">
        {row.title}
        <Button size="compact-xs" variant="default" onClick={() => onToggle(row.key)}>
          Unfold
        </Button>
      </span>
    );
  return <EntityRef blueprint={row.blueprint} identifier={row.identifier} title={row.title} />;
}
