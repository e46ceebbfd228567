import { useQuery } from "@tanstack/react-query";
import { CatalogTable } from "../catalog/catalog-table.tsx";
import { blueprintQuery } from "../catalog/queries.ts";
import { useCatalogAddress } from "../catalog/use-catalog-view.ts";
import { blueprintScorecardsQuery } from "../scorecards/queries.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SlowNote } from "../parts/slow-note.tsx";

/** The entities of one blueprint as a table. */
export function CatalogPage() {
  const address = useCatalogAddress();
  const blueprint = useQuery(blueprintQuery(address.blueprint));
  const scorecards = useQuery(blueprintScorecardsQuery(address.blueprint));
  const error = blueprint.error ?? address.pageError ?? scorecards.error;
  if (blueprint.data && scorecards.data && address.page !== undefined && address.own !== undefined)
    return (
      <CatalogTable
        key={`${address.blueprint} ${address.search.v ?? ""}`}
        blueprint={blueprint.data}
        scorecards={scorecards.data}
        address={address}
      />
    );
  return (
    <div className="stack" aria-busy={!error}>
      <PageHead title={address.blueprint} />
      {error ? (
        <ErrorPanel
          what={`open “${address.blueprint}”`}
          error={error}
          onRetry={() => {
            void Promise.all([blueprint.refetch(), scorecards.refetch()]);
            address.retryPage();
          }}
        />
      ) : (
        <>
          <SlowNote what="the catalog" />
          <Bone height={30} />
          <Bone height={420} />
        </>
      )}
    </div>
  );
}
