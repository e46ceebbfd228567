import { IconCheck, IconMinus } from "@tabler/icons-react";
import css from "./builder.module.css";
import type { WhoMay } from "./who-may.ts";

interface Props<What extends string> {
  rows: readonly WhoMay<What>[];
  /** What there is to do, and what it is called. */
  acts: readonly (readonly [What, string])[];
  /** In place of yes and no. */
  some: string;
  /** They are not those that hold now. */
  isDraft: boolean;
}

/** Who may do what, at one look. */
export function PermissionTable<What extends string>({ rows, acts, some, isDraft }: Props<What>) {
  return (
    <section className="card" aria-labelledby="who-may">
      <h2 id="who-may">{isDraft ? "Who may do what, once saved" : "Who may do what"}</h2>
      <div className={css["who"]} tabIndex={0} role="region" aria-label="Who may do what, table">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Who</th>
              {acts.map(([act, label]) => (
                <th key={act} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, name, may }) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                {acts.map(([act]) => (
                  <td key={act}>{may[act] === "some" ? some : <Answer isYes={may[act] === "yes"} />}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Answer({ isYes }: { isYes: boolean }) {
  const Icon = isYes ? IconCheck : IconMinus;
  return (
    <>
      <Icon size={16} aria-hidden />
      <span className="sr">{isYes ? "Yes" : "No"}</span>
    </>
  );
}
