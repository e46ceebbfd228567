import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { ApiError } from "../api/client.ts";
import { Definitions } from "../builder/definitions.tsx";
import { DeleteBlueprint } from "../builder/delete-blueprint.tsx";
import { Problem } from "../builder/new-blueprint.tsx";
import { editable, parseDocument } from "../builder/parse-document.ts";
import { replaceBlueprint } from "../builder/queries.ts";
import { type BlueprintDoc, isSystem, titleOf } from "../catalog/blueprint.ts";
import { blueprintQuery } from "../catalog/queries.ts";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";

const JsonEditor = lazy(() =>
  import("../builder/json-editor.tsx").then((module) => ({ default: module.JsonEditor })),
);
const route = getRouteApi("/app/builder/$blueprint");

/** One blueprint: its definitions, and its document to edit. */
export function BlueprintPage() {
  const { blueprint: identifier } = route.useParams();
  const blueprint = useQuery(blueprintQuery(identifier));
  if (blueprint.data) return <Loaded key={identifier} blueprint={blueprint.data} />;
  if (blueprint.error instanceof ApiError && blueprint.error.status === 404)
    return (
      <div className="stack">
        <PageHead title={identifier} />
        <Empty title={`There is no blueprint “${identifier}”.`}>
          <Link to="/builder">All blueprints</Link>
        </Empty>
      </div>
    );
  return (
    <div className="stack" aria-busy={!blueprint.error}>
      <PageHead title={identifier} />
      {blueprint.error ? (
        <ErrorPanel
          what={`open “${identifier}”`}
          error={blueprint.error}
          onRetry={() => void blueprint.refetch()}
        />
      ) : (
        <Bone height={360} />
      )}
    </div>
  );
}

type View = "definitions" | "json";

function Loaded({ blueprint }: { blueprint: BlueprintDoc }) {
  const [view, setView] = useState<View>("definitions");
  const [deleting, setDeleting] = useState(false);
  const { identifier } = blueprint;
  return (
    <div className="stack">
      <PageHead
        title={titleOf(blueprint)}
        actions={
          isSystem(identifier) ? undefined : (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconTrash size={15} aria-hidden />}
              onClick={() => setDeleting(true)}
            >
              Delete
            </Button>
          )
        }
      >
        <Link to="/builder">Data model</Link> · <code>{identifier}</code> ·{" "}
        <Link to="/c/$blueprint" params={{ blueprint: identifier }}>
          Entities
        </Link>
      </PageHead>
      <div>
        <Choice<View>
          label="View"
          value={view}
          onChange={setView}
          options={[
            { value: "definitions", label: "Definitions" },
            { value: "json", label: "Edit JSON" },
          ]}
        />
      </div>
      {view === "definitions" ? (
        <Definitions blueprint={blueprint} />
      ) : (
        <Document key={blueprint.updatedAt} blueprint={blueprint} />
      )}
      {deleting ? <DeleteBlueprint blueprint={blueprint} onClose={() => setDeleting(false)} /> : null}
    </div>
  );
}

/** The document as a whole; saving replaces the blueprint. */
function Document({ blueprint }: { blueprint: BlueprintDoc }) {
  const [initial] = useState(() => editable(blueprint));
  const [text, setText] = useState(initial);
  const client = useQueryClient();
  const parsed = parseDocument(text);
  const save = useMutation({
    mutationFn: () => replaceBlueprint(blueprint.identifier, parsed.document),
    onSuccess: () => client.invalidateQueries({ queryKey: ["blueprints"] }),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed.document !== null) save.mutate();
      }}
    >
      {save.error ? <ErrorPanel what="save the blueprint" error={save.error} /> : null}
      {save.data?.warnings && save.data.warnings.length > 0 ? (
        <Notice>{save.data.warnings.join(" ")}</Notice>
      ) : null}
      <Suspense fallback={<Bone height={420} />}>
        <JsonEditor label="Blueprint as JSON" initial={initial} onChange={setText} />
      </Suspense>
      <Problem text={parsed.problem} />
      <div className="row">
        <Button
          type="submit"
          loading={save.isPending}
          disabled={parsed.document === null || text === initial}
        >
          Save
        </Button>
        <span className="muted small" role="status">
          {save.isSuccess
            ? "Saved."
            : text === initial
              ? "Nothing is changed."
              : "What is left out will be gone."}
        </span>
      </div>
    </form>
  );
}
