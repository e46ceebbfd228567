import { TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import css from "./sources.module.css";
import type { ConnectorInfo } from "./types.ts";

/** In the order in which a team needs them: without deployments there is nothing to measure. */
const CATEGORIES = ["source control", "CI/CD", "incidents", "issues"];
const WORDS: Readonly<Record<string, string>> = {
  "source control": "Source control",
  "CI/CD": "Pipelines and deployments",
  incidents: "Incidents",
  issues: "Issues",
};

/** What can be connected, by what it gives. */
export function ConnectorGrid({ connectors }: { connectors: readonly ConnectorInfo[] }) {
  const [find, setFind] = useState("");
  const wanted = find.trim().toLowerCase();
  const fits = ({ title, type, category }: ConnectorInfo): boolean =>
    `${title} ${type} ${category}`.toLowerCase().includes(wanted);
  const groups = [...new Set([...CATEGORIES, ...connectors.map(({ category }) => category)])]
    .map((category) => ({
      category,
      found: connectors.filter((one) => one.category === category && fits(one)),
    }))
    .filter(({ found }) => found.length > 0);
  return (
    <section className="stack" aria-labelledby="connect">
      <div className="row between">
        <h2 id="connect">Connect a system</h2>
        <TextInput
          size="xs"
          aria-label="Find a system"
          placeholder="Find a system"
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
      </div>
      {groups.map(({ category, found }) => (
        <div key={category} className="stack" style={{ gap: 8 }}>
          <h3 className="muted">{WORDS[category] ?? category}</h3>
          <ul className={css["grid"]}>
            {found.map(({ type, title, kinds }) => (
              <li key={type}>
                <Link to="/sources/new/$type" params={{ type }} className={css["tile"]}>
                  <strong>{title}</strong>
                  <span className="muted small">
                    {kinds.map((kind) => kind.title.toLowerCase()).join(", ")}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {groups.length === 0 ? (
        <p className="muted" role="status">
          Nothing is called “{find.trim()}”. Any system that can make an HTTP request can{" "}
          <Link to="/connect">send its deployments</Link>.
        </p>
      ) : (
        <p className="muted small">
          Another system, or your own pipeline? <Link to="/connect">Send deployments with curl</Link>, or{" "}
          <Link to="/import">import a git repository</Link>.
        </p>
      )}
    </section>
  );
}
