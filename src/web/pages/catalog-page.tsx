import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { titleOf } from "../catalog/blueprint.ts";
import { CatalogTable } from "../catalog/catalog-table.tsx";
import { blueprintQuery } from "../catalog/queries.ts";
import { useCatalogAddress } from "../catalog/use-catalog-view.ts";
import { blueprintScorecardsQuery } from "../scorecards/queries.ts";
import { NotLoaded } from "../parts/not-loaded.tsx";

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
    <NotLoaded
      title={blueprint.data === undefined ? "Catalog" : titleOf(blueprint.data)}
      what={`“${address.blueprint}”`}
      error={error}
      onRetry={() => {
        void Promise.all([blueprint.refetch(), scorecards.refetch()]);
        address.retryPage();
      }}
      back={<Link to="/builder">All blueprints</Link>}
    />
  );
}
