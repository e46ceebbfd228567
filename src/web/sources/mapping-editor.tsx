import { useRef, useState } from "react";
import type { Assist } from "../builder/json-assist.ts";
import { JsonEditor } from "../builder/json-editor.tsx";
import { Problem } from "../builder/problem.tsx";
import { Choice } from "../parts/choice.tsx";
import { type MappingLanguage, readMapping, slipsOf, writeMapping } from "./mapping-text.ts";

interface Props {
  /** What is stored; another one needs another `key`. */
  document: object;
  /** The text as it is now; null while it says what is stored. */
  onChange: (text: string | null) => void;
  /** What is offered and told while JSON is typed. */
  assist: Assist;
}

/** A mapping as YAML, which guides print, or as JSON; the server reads both, and names the line of what it refuses. */
export function MappingEditor({ document, onChange, assist }: Props) {
  const [language, setLanguage] = useState<MappingLanguage>("yaml");
  const [initial, setInitial] = useState(() => writeMapping(document, "yaml"));
  const [problem, setProblem] = useState<string | null>(null);
  const text = useRef(initial);
  const isChanged = useRef(false);
  const type = (typed: string) => {
    text.current = typed;
    isChanged.current ||= typed !== initial;
    onChange(isChanged.current ? typed : null);
  };
  const translate = (next: MappingLanguage) => {
    const read = readMapping(text.current);
    if (read.problem !== null) return setProblem(`${read.problem} Mend it first: then it can be translated.`);
    setProblem(null);
    const written = writeMapping(read.value, next);
    text.current = written;
    setInitial(written);
    setLanguage(next);
    onChange(isChanged.current ? written : null);
  };
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div>
        <Choice<MappingLanguage>
          label="Language of the mapping"
          value={language}
          options={[
            { value: "yaml", label: "YAML" },
            { value: "json", label: "JSON" },
          ]}
          onChange={translate}
        />
      </div>
      <JsonEditor
        key={language}
        label={`Mapping as ${language.toUpperCase()}`}
        initial={initial}
        onChange={type}
        {...(language === "yaml" ? { check: slipsOf } : { assist })}
      />
      <Problem text={problem} />
    </div>
  );
}
