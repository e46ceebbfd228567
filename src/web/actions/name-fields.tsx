import { TextInput } from "@mantine/core";
import { identifierOf } from "../builder/parse-document.ts";
import { type Doc, textAt, withKey } from "./document-drawer.tsx";

interface Props {
  document: Doc;
  onChange: (document: Doc) => void;
  isNew: boolean;
  /** The identifier stays what it is. */
  isFixed?: boolean;
}

/** Title and identifier; the identifier of a new one follows the title until it is written by hand. */
export function NameFields({ document, onChange, isNew, isFixed = false }: Props) {
  const [title, identifier] = [textAt(document, "title"), textAt(document, "identifier")];
  const follows = isNew && identifier === identifierOf(title);
  return (
    <>
      <TextInput
        label="Title"
        data-autofocus
        value={title}
        onChange={(event) => {
          const next = event.currentTarget.value;
          onChange({
            ...withKey(document, "title", next),
            ...(follows ? { identifier: identifierOf(next) } : {}),
          });
        }}
      />
      <TextInput
        label="Identifier"
        description="Used in the API and in links"
        required
        readOnly={isFixed}
        variant={isFixed ? "filled" : "default"}
        value={identifier}
        onChange={(event) => onChange({ ...document, identifier: event.currentTarget.value })}
      />
    </>
  );
}
