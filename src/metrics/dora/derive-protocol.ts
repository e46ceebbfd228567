/** Messages between the server and the derivation thread. */
import type { DerivationSettings } from "../../dora/facts.ts";
import type { CommitPage } from "../../storage/commits.ts";
import type {
  DerivationCounts,
  DerivedDeploymentRow,
  DerivedShipmentRow,
  StoredHashes,
} from "../../storage/dora-derived.ts";
import type { DerivedIncidentRow } from "../../storage/dora-incidents.ts";
import type { UnshippedRow } from "../../storage/dora-unshipped.ts";
import type { CatalogFacts } from "./read-facts.ts";

/** Keys as of `incidentKey` beside the others. */
export interface AllStoredHashes extends StoredHashes {
  readonly incidents: Map<string, string>;
  /** By change. */
  readonly unshipped: Map<string, string>;
}

/** The facts of one service. */
export type FactsMessage =
  | ({
      readonly kind: "start";
      readonly service: string;
      readonly paths: readonly string[] | null;
      readonly settings: DerivationSettings;
    } & CatalogFacts)
  | { readonly kind: "commits"; readonly page: CommitPage };

export type ToThread = FactsMessage | { readonly kind: "finish"; readonly stored: AllStoredHashes };

/** What changed against the stored rows; keys as of `deploymentKey` and `shipmentKey`. */
export interface DerivationDifference {
  readonly deployments: readonly DerivedDeploymentRow[];
  readonly shipments: readonly DerivedShipmentRow[];
  readonly incidents: readonly DerivedIncidentRow[];
  readonly unshipped: readonly UnshippedRow[];
  readonly goneUnshipped: readonly string[];
  readonly goneIncidents: readonly string[];
  readonly goneDeployments: readonly string[];
  readonly goneShipments: readonly string[];
  readonly counts: DerivationCounts;
  readonly unknownShas: readonly string[];
}

export type FromThread =
  | { readonly kind: "done"; readonly difference: DerivationDifference }
  | { readonly kind: "failed"; readonly message: string; readonly stack: string };
