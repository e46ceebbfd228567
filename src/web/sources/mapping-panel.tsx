import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { sampleOfPaths } from "../builder/complete-jq.ts";
import { LazyJsonEditor } from "../builder/lazy-json-editor.tsx";
import { parseDocument } from "../builder/parse-document.ts";
import { Problem } from "../builder/problem.tsx";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Pick } from "../parts/pick.tsx";
import { MappingForm } from "./mapping-form.tsx";
import { MappingOutcome } from "./mapping-outcome.tsx";
import { sourceMappingShape } from "./mapping-shape.ts";
import { changeSource, tryMapping } from "./queries.ts";
import type { ConnectorInfo, DataSource } from "./types.ts";

/** How objects of the system become entities: jq by blueprint, tried on an object before it is saved. */
export function MappingPanel({
  source,
  connector,
}: {
  source: DataSource;
  connector: ConnectorInfo | undefined;
}) {
  const [stored] = useState<object>(() => source.mapping ?? { resources: [] });
  const [changed, setChanged] = useState<string | null>(null);
  const [object, setObject] = useState("{}");
  const { data: blueprints = [] } = useQuery(allBlueprintsQuery);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => changeSource(source.id, { mapping: changed }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["sources"] }),
  });
  const kinds = connector?.kinds ?? [];
  return (
    <MappingForm
      about="Each resource takes objects of a kind and says with jq which entities they become. Resources that a guide prints are pasted below the others. Saving reads everything again."
      stored={stored}
      changed={changed}
      onChange={setChanged}
      save={save}
      saved="Saved; everything is read again."
      assist={{
        shape: sourceMappingShape(blueprints, kinds),
        // What the mapping reads already, and the object that it is tried on.
        sample: { ...sampleOfPaths(JSON.stringify(stored)), ...parseDocument(object).document },
      }}
    >
      <Trial mapping={changed ?? stored} kinds={kinds} text={object} onText={setObject} />
    </MappingForm>
  );
}

function Trial({
  mapping,
  kinds,
  text,
  onText,
}: {
  mapping: object | string;
  kinds: ConnectorInfo["kinds"];
  text: string;
  onText: (text: string) => void;
}) {
  const [kind, setKind] = useState(() => kinds[0]?.kind ?? "");
  const payload = parseDocument(text);
  const trial = useMutation({ mutationFn: () => tryMapping(mapping, kind, payload.document) });
  return (
    <details>
      <summary>Try it on an object</summary>
      <div className="stack" style={{ marginTop: 12 }}>
        <Pick
          label="Kind"
          data={kinds.map((one) => ({ value: one.kind, label: one.title }))}
          value={kind}
          onChange={(value) => setKind(value ?? "")}
          w={260}
        />
        <LazyJsonEditor label="Object as JSON" initial="{}" onChange={onText} height={200} />
        <Problem text={payload.problem} />
        <div>
          <Button
            size="xs"
            variant="default"
            loading={trial.isPending}
            disabled={payload.document === null || kind === ""}
            onClick={() => trial.mutate()}
          >
            Try
          </Button>
        </div>
        {trial.error ? <ErrorPanel what="try the mapping" error={trial.error} /> : null}
        {trial.data ? <MappingOutcome trial={trial.data} part="Resource" /> : null}
      </div>
    </details>
  );
}
