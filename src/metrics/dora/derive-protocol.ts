/** Messages between the server and the derivation thread. */
import type { ChangeFact, DeploymentFact, DerivationSettings } from "../../dora/facts.ts";
import type { CommitRow } from "../../storage/commits.ts";
import type {
  DerivationCounts,
  DerivedDeploymentRow,
  DerivedShipmentRow,
  StoredHashes,
} from "../../storage/dora-derived.ts";

export type ToThread =
  | {
      readonly kind: "start";
      readonly service: string;
      readonly paths: readonly string[] | null;
      readonly settings: DerivationSettings;
      readonly deployments: readonly DeploymentFact[];
      readonly changes: readonly ChangeFact[];
    }
  | { readonly kind: "commits"; readonly rows: readonly CommitRow[] }
  | { readonly kind: "finish"; readonly stored: StoredHashes };

/** What changed against the stored rows; keys as of `deploymentKey` and `shipmentKey`. */
export interface DerivationDifference {
  readonly deployments: readonly DerivedDeploymentRow[];
  readonly shipments: readonly DerivedShipmentRow[];
  readonly goneDeployments: readonly string[];
  readonly goneShipments: readonly string[];
  readonly counts: DerivationCounts;
  readonly unknownShas: readonly string[];
}

export type FromThread =
  | { readonly kind: "done"; readonly difference: DerivationDifference }
  | { readonly kind: "failed"; readonly message: string; readonly stack: string };
