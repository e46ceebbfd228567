import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pending } from "../parts/pending.tsx";
import { Tag } from "../parts/tag.tsx";
import css from "../sources/sources.module.css";
import { templatesQuery, webhooksQuery } from "./queries.ts";

/** Webhooks that are there, and those that can be made from a template. */
export function WebhookList() {
  const webhooks = useQuery(webhooksQuery);
  const templates = useQuery(templatesQuery);
  return (
    <section className="stack" aria-labelledby="webhooks">
      <h2 id="webhooks">Webhooks</h2>
      <p className="muted small">
        An address that a system sends its events to, and a mapping of your own. Nothing has to be reachable
        from here; the history before the first event stays where it is.
      </p>
      {webhooks.data === undefined || webhooks.data.length === 0 ? null : (
        <div className="card">
          <ul className="stack" style={{ gap: 6 }}>
            {webhooks.data.map(({ identifier, title, enabled }) => (
              <li key={identifier} className="row">
                <Link to="/sources/webhooks/$identifier" params={{ identifier }}>
                  {title}
                </Link>
                <code className="muted">{identifier}</code>
                {enabled ? null : <Tag tone="warn">Switched off</Tag>}
              </li>
            ))}
          </ul>
        </div>
      )}
      {templates.data && webhooks.data ? null : (
        <Pending
          what="the webhooks"
          error={webhooks.error ?? templates.error}
          onRetry={() => void Promise.all([webhooks.refetch(), templates.refetch()])}
        />
      )}
      <ul className={css["grid"]}>
        {(templates.data ?? []).map(({ id, title, description }) => (
          <li key={id}>
            <Link to="/sources/webhooks/new/$template" params={{ template: id }} className={css["tile"]}>
              <strong>{/webhooks?$/i.test(title) ? title : `${title} webhook`}</strong>
              <span className="muted small">{description}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
