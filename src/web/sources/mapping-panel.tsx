import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { parseDocument } from "../builder/parse-document.ts";
import { Problem } from "../builder/new-blueprint.tsx";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Pick } from "../parts/pick.tsx";
import { MappingOutcome } from "./mapping-outcome.tsx";
import { changeSource, tryMapping } from "./queries.ts";
import type { ConnectorInfo, DataSource } from "./types.ts";

const JsonEditor = lazy(() =>
  import("../builder/json-editor.tsx").then((module) => ({ default: module.JsonEditor })),
);
const MappingEditor = lazy(() =>
  import("./mapping-editor.tsx").then((module) => ({ default: module.MappingEditor })),
);

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
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => changeSource(source.id, { mapping: changed }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["sources"] }),
  });
  return (
    <section className="card stack" aria-labelledby="mapping">
      <h2 id="mapping">Mapping</h2>
      <p className="muted small">
        Each resource takes objects of a kind and says with jq which entities they become. Resources that a
        guide prints are pasted below the others. Saving reads everything again.
      </p>
      {save.error ? <ErrorPanel what="save the mapping" error={save.error} /> : null}
      <Suspense fallback={<Bone height={420} />}>
        <MappingEditor document={stored} onChange={setChanged} />
      </Suspense>
      <div className="row">
        <Button loading={save.isPending} disabled={changed === null} onClick={() => save.mutate()}>
          Save the mapping
        </Button>
        <span className="muted small" role="status">
          {save.isSuccess
            ? "Saved; everything is read again."
            : changed === null
              ? "Nothing is changed."
              : ""}
        </span>
      </div>
      <Trial mapping={changed ?? stored} kinds={connector?.kinds ?? []} />
    </section>
  );
}

function Trial({ mapping, kinds }: { mapping: object | string; kinds: ConnectorInfo["kinds"] }) {
  const [kind, setKind] = useState(() => kinds[0]?.kind ?? "");
  const [text, setText] = useState("{}");
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
        <Suspense fallback={<Bone height={200} />}>
          <JsonEditor label="Object as JSON" initial="{}" onChange={setText} />
        </Suspense>
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
