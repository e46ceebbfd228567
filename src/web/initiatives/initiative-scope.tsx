import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type Doc, objectAt, textAt, withKey } from "../actions/document-drawer.tsx";
import { isRule, type RulesDoc } from "../actions/rules-draft.ts";
import { RulesForm } from "../actions/rules-form.tsx";
import { isFinished } from "../lib/catalog-search.ts";
import { plural } from "../lib/format.ts";
import { scopeCountQuery } from "./scope-query.ts";

interface Props {
  /** Of whose entities the scorecard is. */
  blueprint: string;
  document: Doc;
  onChange: (document: Doc) => void;
}

/** Which entities it is about: rules over their properties; none: all that the scorecard is about. */
export function InitiativeScope({ blueprint, document, onChange }: Props) {
  const query = document["query"];
  const own = objectAt(document, "query") as RulesDoc;
  if (blueprint === "") return null;
  const isList = query === undefined || query === null || Array.isArray(own.rules);
  return (
    <div className="stack" style={{ gap: 6 }}>
      {isList ? (
        <RulesForm
          label="Which entities it is about"
          blueprint={blueprint}
          value={query === undefined || query === null ? undefined : own}
          by={null}
          onChange={(next) => onChange(withKey(document, "query", next))}
        />
      ) : (
        <p className="muted small">
          Which entities it is about is a <code>query</code> of another form: edit it as JSON.
        </p>
      )}
      <Count blueprint={blueprint} scorecard={textAt(document, "scorecard")} query={query} />
    </div>
  );
}

function Count({ blueprint, scorecard, query }: { blueprint: string; scorecard: string; query: unknown }) {
  const [asked] = useDebouncedValue(isWhole(query) ? query : undefined, 400);
  const counted = useQuery(scopeCountQuery(blueprint, scorecard, asked));
  const isAll = query === undefined || query === null;
  if (!isWhole(query)) return <p className="muted small">A rule is not finished yet.</p>;
  if (counted.error) return <p className="muted small">{counted.error.message}</p>;
  return (
    <p className="muted small" role="status">
      {counted.data === undefined || counted.isPlaceholderData || asked !== query
        ? "…"
        : isAll
          ? `It is about all ${plural(counted.data, "entity", "entities")} of the scorecard.`
          : `It is about ${plural(counted.data, "entity", "entities")}.`}
    </p>
  );
}

function isWhole(query: unknown): boolean {
  const rules = (query as RulesDoc | null | undefined)?.rules;
  return !Array.isArray(rules) || rules.every((rule) => !isRule(rule) || isFinished(rule));
}
