/** Tables, keys and foreign keys of `migrations/schema.sql`. */

export interface SchemaTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Primary and unique keys, with their names. */
  readonly keys: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly foreignKeys: readonly ForeignKey[];
}

interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  /** `ON UPDATE CASCADE …`, in lower case. */
  readonly actions: string;
}

const list = (text: string): string[] => text.split(",").map((one) => one.trim());

export function schemaTables(schema: string): readonly SchemaTable[] {
  const unique = [
    ...schema.matchAll(/^CREATE UNIQUE INDEX (\w+) ON public\.(\w+) USING btree \((.*?)\)(?: WHERE .*)?;$/gm),
  ];
  return [...schema.matchAll(/^create table (\w+) \(\n([\s\S]*?)\n\);$/gm)].map(
    ([, name = "", body = ""]) => {
      const lines = body.split("\n").map((line) => line.trim().replace(/,$/, ""));
      const constraints = lines.flatMap((line) => /^constraint (\w+) (.*)$/.exec(line) ?? []);
      const keys: { name: string; columns: string[] }[] = [];
      const foreignKeys: ForeignKey[] = [];
      for (let i = 0; i < constraints.length; i += 3) {
        const [constraint = "", text = ""] = constraints.slice(i + 1, i + 3);
        const key = /^(?:PRIMARY KEY|UNIQUE) \((.*)\)$/.exec(text);
        if (key?.[1] !== undefined) keys.push({ name: constraint, columns: list(key[1]) });
        const foreign = /^FOREIGN KEY \((.*?)\) REFERENCES (\w+)\((.*?)\)(.*)$/.exec(text);
        if (foreign !== null)
          foreignKeys.push({
            ...{ name: constraint, columns: list(foreign[1] ?? ""), target: foreign[2] ?? "" },
            ...{ targetColumns: list(foreign[3] ?? ""), actions: (foreign[4] ?? "").trim().toLowerCase() },
          });
      }
      for (const [, index = "", table, columns = ""] of unique)
        if (table === name) keys.push({ name: index, columns: list(columns) });
      const columns = lines
        .filter((line) => !line.startsWith("constraint "))
        .map((line) => line.split(" ")[0] ?? "");
      return { name, columns, keys, foreignKeys };
    },
  );
}
