import { IconCheck, IconMinus } from "@tabler/icons-react";
import css from "./builder.module.css";
import type { EntityPermissions } from "./queries.ts";
import { ACTS, type May, whoMay } from "./who-may.ts";

const LABELS = { register: "Create", update: "Change", unregister: "Delete", read: "Read" } as const;

interface Props {
  blueprint: string;
  permissions: EntityPermissions;
  /** They are not those that hold now. */
  isDraft: boolean;
}

/** Who may do what, at one look. */
export function PermissionTable({ blueprint, permissions, isDraft }: Props) {
  return (
    <section className="card" aria-labelledby="who-may">
      <h2 id="who-may">{isDraft ? "Who may do what, once saved" : "Who may do what"}</h2>
      <div className={css["who"]} tabIndex={0} role="region" aria-label="Who may do what, table">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Who</th>
              {ACTS.map((act) => (
                <th key={act} scope="col">
                  {LABELS[act]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {whoMay(blueprint, permissions).map(({ key, name, may }) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                {ACTS.map((act) => (
                  <td key={act}>
                    <Answer may={may[act]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Answer({ may }: { may: May }) {
  if (may === "some") return "Some";
  const Icon = may === "yes" ? IconCheck : IconMinus;
  return (
    <>
      <Icon size={16} aria-hidden />
      <span className="sr">{may === "yes" ? "Yes" : "No"}</span>
    </>
  );
}
