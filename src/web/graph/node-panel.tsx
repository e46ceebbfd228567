import { Button, CloseButton } from "@mantine/core";
import { IconArrowsSplit2 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { plural } from "../lib/format.ts";
import { encodeCatalogSearch, EMPTY_VIEW } from "../lib/catalog-search.ts";
import type { Detail, EntityPicture } from "./entity-picture.ts";
import css from "./graph.module.css";

interface Props {
  picture: EntityPicture;
  node: string | null;
  middle: string;
  open: readonly string[];
  onToggle: (key: string) => void;
  onSelect: (key: string | null) => void;
}

const SHOWN = 12;

/** What is known of the selected node, and where one can go from it. */
export function NodePanel({ picture, node, middle, open, onToggle, onSelect }: Props) {
  const detail = node === null ? undefined : picture.details.get(node);
  if (node === null || detail === undefined) return null;
  const title = detail.kind === "group" ? detail.title : detail.title;
  return (
    <aside className={css["panel"]} aria-label={`About ${title}`}>
      <div className={css["panelHead"]}>
        <div>
          <h2>{title}</h2>
          <p className="muted small">{detail.kind === "entity" ? detail.note : `by ${detail.relation}`}</p>
        </div>
        <CloseButton size={28} aria-label="Close" onClick={() => onSelect(null)} />
      </div>
      {detail.kind === "group" ? (
        <Group detail={detail} picture={picture} onToggle={onToggle} />
      ) : (
        <>
          <div className="row">
            {node === middle ? null : (
              <>
                <Link
                  to="/c/$blueprint/$id"
                  params={{ blueprint: detail.blueprint, id: detail.identifier }}
                  search={{ tab: "graph" }}
                >
                  Put in the middle
                </Link>
                <Link to="/c/$blueprint/$id" params={{ blueprint: detail.blueprint, id: detail.identifier }}>
                  Open
                </Link>
              </>
            )}
          </div>
          {node === middle ? null : (
            <div>
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<IconArrowsSplit2 size={14} aria-hidden />}
                aria-pressed={open.includes(node)}
                onClick={() => onToggle(node)}
              >
                {open.includes(node) ? "Take its neighbours away" : "Add its neighbours"}
              </Button>
            </div>
          )}
          <Neighbours picture={picture} node={node} direction="from" onSelect={onSelect} />
          <Neighbours picture={picture} node={node} direction="to" onSelect={onSelect} />
        </>
      )}
    </aside>
  );
}

function Group({
  detail,
  picture,
  onToggle,
}: {
  detail: Extract<Detail, { kind: "group" }>;
  picture: EntityPicture;
  onToggle: (key: string) => void;
}) {
  const of = picture.details.get(detail.of);
  const isDown = detail.column > (of?.kind === "entity" ? of.column : 0);
  return (
    <>
      <div>
        <Button size="compact-xs" variant="default" onClick={() => onToggle(detail.key)}>
          Unfold
        </Button>
      </div>
      {isDown && of?.kind === "entity" ? (
        <Link
          to="/c/$blueprint"
          params={{ blueprint: detail.blueprint }}
          search={encodeCatalogSearch({
            ...EMPTY_VIEW,
            filter: {
              combinator: "and",
              rules: [],
              more: [{ relation: detail.relation, operator: "contains", value: of.identifier }],
            },
          })}
        >
          Open as a table
        </Link>
      ) : null}
    </>
  );
}

function Neighbours({
  picture,
  node,
  direction,
  onSelect,
}: {
  picture: EntityPicture;
  node: string;
  /** Edges that begin here lead to what it depends on. */
  direction: "from" | "to";
  onSelect: (key: string) => void;
}) {
  const other = direction === "from" ? "to" : "from";
  const edges = picture.graph.edges.filter((edge) => edge[direction] === node);
  const heading = direction === "from" ? "Depends on" : "Depend on it";
  if (edges.length === 0) return null;
  return (
    <section aria-label={heading}>
      <h3>
        {heading} <span className="muted nums">{edges.length}</span>
      </h3>
      <ul className={css["neighbours"]}>
        {edges.slice(0, SHOWN).map((edge) => {
          const key = edge[other];
          const detail = picture.details.get(key);
          return (
            <li key={`${key} ${edge.label}`}>
              <button type="button" onClick={() => onSelect(key)}>
                {detail?.title ?? key}
              </button>{" "}
              <span className="muted small">{edge.label}</span>
            </li>
          );
        })}
      </ul>
      {edges.length > SHOWN ? (
        <p className="muted small">and {plural(edges.length - SHOWN, "more", "more")}</p>
      ) : null}
    </section>
  );
}
