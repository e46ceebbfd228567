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

/** The same graph as rows: how far, what, of which kind, and by which relation it was found. */
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
              <th scope="col">Kind</th>
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
                <td data-label="Kind">
                  <span>{row.kind === "entity" ? row.note : <Tag>folded</Tag>}</span>
                </td>
                <td data-label="Distance">
                  <span>
                    {plural(Math.abs(row.column), "hop")} {row.column < 0 ? "upstream" : "downstream"}
                  </span>
                </td>
                <td data-label="Found by">
                  <span className="muted">{viaText(row, picture)}</span>
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

function viaText(row: Detail, picture: EntityPicture): string {
  const via = row.kind === "group" ? { key: row.of, relation: row.relation } : row.via;
  if (via === null) return "";
  const other = picture.details.get(via.key);
  return `${via.relation} of ${other?.title ?? via.key}`;
}
