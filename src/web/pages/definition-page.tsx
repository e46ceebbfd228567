import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { postJson, sendJson } from "../api/client.ts";
import { meQuery } from "../api/queries.ts";
import { Crumbs } from "../dora/crumbs.tsx";
import { changesIn, type Definition, definitionQuery, type Preview } from "../dora/definition.ts";
import { DefinitionForm } from "../dora/definition-form.tsx";
import { PreviewTable } from "../dora/preview-table.tsx";
import { DEFAULT_QUERY } from "../lib/dora-search.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Pending } from "../parts/pending.tsx";
import { UnsavedOnPage } from "../parts/unsaved-on-page.tsx";

/** How the numbers are made, with what they would be if it were changed. */
export function DefinitionPage() {
  const { data, error, refetch } = useQuery(definitionQuery);
  return (
    <div className="stack">
      <PageHead
        title="DORA definition"
        crumbs={
          <Crumbs query={DEFAULT_QUERY} way={[]}>
            Definition
          </Crumbs>
        }
      >
        Rules for production, deployments and failures. Look at the last 90 days under other rules before you
        save them.
      </PageHead>
      {data ? (
        <Editor key={JSON.stringify(data)} present={data} />
      ) : (
        <Pending what="the definition" error={error} onRetry={() => void refetch()} height={320} />
      )}
    </div>
  );
}

function Editor({ present }: { present: Definition }) {
  const client = useQueryClient();
  const isAdmin = useQuery(meQuery).data?.user.role === "Admin";
  const [draft, setDraft] = useState(present);
  const changes = changesIn(draft, present);
  const isChanged = Object.keys(changes).length > 0;
  const preview = useMutation({
    mutationFn: () => postJson<Preview>("/v1/dora/preview", { settings: changes, last: "90d" }),
  });
  const save = useMutation({
    mutationFn: () => sendJson<object>("PUT", "/v1/dora/settings", changes),
    onSuccess: () => client.invalidateQueries({ queryKey: ["dora"] }),
  });
  const error = save.error ?? preview.error;

  return (
    <>
      <UnsavedOnPage isChanged={isChanged && isAdmin} />
      <section className="card" aria-label="Definition">
        <DefinitionForm
          draft={draft}
          onChange={(next) => {
            setDraft(next);
            preview.reset();
            save.reset();
          }}
        />
        <div className="row" style={{ marginTop: 16 }}>
          <Button
            variant="default"
            disabled={!isChanged}
            loading={preview.isPending}
            onClick={() => preview.mutate()}
          >
            What if?
          </Button>
          {isAdmin ? (
            <Button disabled={!isChanged} loading={save.isPending} onClick={() => save.mutate()}>
              Save
            </Button>
          ) : (
            <span className="muted small">Administrators save the definition.</span>
          )}
          {isChanged ? (
            <Button variant="subtle" onClick={() => setDraft(present)}>
              Undo
            </Button>
          ) : null}
        </div>
      </section>
      {error ? (
        <ErrorPanel
          what={save.error ? "save the definition" : "work out the numbers"}
          error={error}
          onRetry={() => (save.error ? save.mutate() : preview.mutate())}
        />
      ) : null}
      {preview.data ? (
        <section className="card" aria-labelledby="what-if">
          <h2 id="what-if">What it would change</h2>
          <PreviewTable preview={preview.data} />
        </section>
      ) : null}
    </>
  );
}
