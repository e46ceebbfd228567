import { IconCheck, IconMinus } from "@tabler/icons-react";
import css from "./builder.module.css";
import type { Block, EntityPermissions } from "./queries.ts";
import { EVERYBODY } from "./who-fields.tsx";

const ACTS = [
  { key: "register", label: "Create" },
  { key: "update", label: "Change" },
  { key: "unregister", label: "Delete" },
  { key: "read", label: "Read" },
] as const;

interface Who {
  readonly key: string;
  readonly name: string;
  readonly isIn: (block: Block) => boolean;
}

/** Who may do what, at one look: administrators and moderators, and whoever a permission names. */
export function PermissionTable({ permissions }: { permissions: EntityPermissions }) {
  // Where nobody is named for it, all may read.
  const blocks = ACTS.map(({ key }) => permissions[key] ?? (key === "read" ? { roles: [EVERYBODY] } : {}));
  const named = (of: "teams" | "users"): string[] => [...new Set(blocks.flatMap((block) => block[of] ?? []))];
  const rows: readonly Who[] = [
    { key: "anyway", name: "Administrators and moderators", isIn: () => true },
    { key: "everybody", name: "Every member", isIn: ({ roles = [] }) => roles.includes(EVERYBODY) },
    { key: "owners", name: "Owning teams", isIn: ({ ownedByTeam }) => ownedByTeam === true },
    ...named("teams").map((team) => ({
      ...{ key: `team ${team}`, name: `Team ${team}` },
      isIn: ({ teams = [] }: Block) => teams.includes(team),
    })),
    ...named("users").map((user) => ({
      ...{ key: `user ${user}`, name: user },
      isIn: ({ users = [] }: Block) => users.includes(user),
    })),
  ];
  return (
    <section className="card" aria-labelledby="who-may">
      <h2 id="who-may">Who may do what</h2>
      <div className={css["who"]} tabIndex={0} role="region" aria-label="Who may do what, table">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Who</th>
              {ACTS.map(({ key, label }) => (
                <th key={key} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, name, isIn }) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                {blocks.map((block, at) => {
                  const may = block.roles?.includes(EVERYBODY) === true || isIn(block);
                  return (
                    <td key={ACTS[at]?.key}>
                      {may ? <IconCheck size={16} aria-hidden /> : <IconMinus size={16} aria-hidden />}
                      <span className="sr">{may ? "Yes" : "No"}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
