import { Button } from "@mantine/core";
import { useState } from "react";
import type { BlueprintDoc } from "../catalog/blueprint.ts";
import { Dialog } from "../parts/dialog.tsx";
import type { Block, Blocks, EntityPermissions } from "./queries.ts";
import css from "./builder.module.css";
import { EVERYBODY } from "./everybody.ts";
import { WhoFields } from "./who-fields.tsx";

type Kind = "updateProperties" | "updateRelations";

interface One {
  readonly kind: Kind;
  readonly id: string;
  readonly title: string;
}

interface Props {
  blueprint: BlueprintDoc;
  draft: EntityPermissions;
  mayChange: boolean;
  onChange: (change: Partial<Record<Kind, Blocks>>) => void;
}

/** What an entity has besides properties. */
const METAS = [
  { id: "$title", title: "Title" },
  { id: "$identifier", title: "Identifier" },
  { id: "$icon", title: "Icon" },
  { id: "$team", title: "Owning teams" },
];

/** Who may change single properties and relations, besides those who may change the whole entity. */
export function SinglePermissions({ blueprint, draft, mayChange, onChange }: Props) {
  const [open, setOpen] = useState<One | null>(null);
  const properties = Object.entries(blueprint.schema?.properties ?? {});
  const relations = Object.entries(blueprint.relations ?? {});
  const all: readonly One[] = [
    ...METAS.map((meta) => ({ kind: "updateProperties" as const, ...meta })),
    ...properties.map(([id, { title }]) => ({ kind: "updateProperties" as const, id, title: title || id })),
    ...relations.map(([id, { title }]) => ({ kind: "updateRelations" as const, id, title: title || id })),
  ];
  const blockOf = ({ kind, id }: One): Block => draft[kind]?.[id] ?? {};
  const [granted] = useState(() => all.filter((one) => whoIn(blockOf(one)) !== NOBODY).length);
  return (
    <details className={`card ${css["folded"]}`} open={granted > 0}>
      <summary>
        Single properties and relations ({granted === 0 ? "none granted" : `${granted} granted`})
      </summary>
      <p className="muted small">
        Who may change entities may change all of these. Here others are allowed to change single ones. Once a
        property is granted to somebody, only they and who may change entities can fill it in when they create
        an entity.
      </p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Single properties and relations">
        <table className="data stacked">
          <thead>
            <tr>
              <th scope="col">Property or relation</th>
              <th scope="col">Who else may change it</th>
              {mayChange ? (
                <th scope="col">
                  <span className="sr">Actions</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <tr key={`${one.kind} ${one.id}`}>
                <td>
                  {one.title} <code className="muted small">{one.id}</code>
                </td>
                <td data-label="Who else">
                  <span>{whoIn(blockOf(one))}</span>
                </td>
                {mayChange ? (
                  <td data-label="Actions">
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Who may change ${one.title}`}
                      onClick={() => setOpen(one)}
                    >
                      Change
                    </Button>
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {open ? (
        <Dialog title={`Who may change ${open.title}`} onClose={() => setOpen(null)}>
          <div className="stack">
            <WhoFields
              block={blockOf(open)}
              mayChange
              onChange={(block) => onChange({ [open.kind]: { ...draft[open.kind], [open.id]: block } })}
            />
            <div className="row">
              <Button data-autofocus onClick={() => setOpen(null)}>
                Done
              </Button>
              <span className="muted small">It counts once the permissions are saved.</span>
            </div>
          </div>
        </Dialog>
      ) : null}
    </details>
  );
}

const NOBODY = "–";

/** Administrators and moderators may anyway. */
function whoIn({ roles = [], teams = [], users = [], ownedByTeam }: Block): string {
  if (roles.includes(EVERYBODY)) return "Every member";
  const names = [
    ...(ownedByTeam === true ? ["the owning teams"] : []),
    ...roles.filter((role) => role !== "Admin" && !role.endsWith("-moderator")),
    ...teams.map((team) => `team ${team}`),
    ...users,
  ];
  return names.length === 0 ? NOBODY : names.join(", ");
}
