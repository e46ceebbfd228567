import { steady } from "./habits.ts";
import type { Phase } from "./habits.ts";

/** How work reaches the main branch. */
export type Landing = "squash" | "merge" | "direct";
/** What is deployed: the main branch, a tag on it, or a tag that is repaired on a release branch. */
export type Release = "main" | "tag" | "branch";

export interface ServiceSpec {
  readonly id: string;
  readonly team: string;
  readonly phases: readonly Phase[];
  readonly landing: Landing;
  readonly release: Release;
  /** Goes through a staging environment first. */
  readonly staging?: boolean;
  /** The pipeline tells what triggered it and what was deployed before. */
  readonly reports?: boolean;
  /** Repository, when it is not named as the service. */
  readonly repository?: string;
  readonly paths?: readonly string[];
  /** First deployment, days before today; a year when absent, null = never deployed. */
  readonly launchedDaysAgo?: number | null;
  /** Nobody works on it since then. */
  readonly quietDaysAgo?: number;
  /** Its newest deployment failed, and nothing has repaired it yet. */
  readonly brokenNow?: boolean;
}

const improving = (from: Phase["habit"], over: Phase["habit"], to: Phase["habit"]): readonly Phase[] => [
  { from: 0, habit: from, failures: 1.7 },
  { from: 0.3, habit: over, failures: 1.5 },
  { from: 0.55, habit: over, failures: 1.1 },
  { from: 0.74, habit: to, failures: 0.9 },
];

/** Fast until its team was taken apart, five months ago. */
const reorganised: readonly Phase[] = [
  { from: 0, habit: "daily", failures: 0.8 },
  { from: 0.59, habit: "frequent", failures: 1.7 },
  { from: 0.72, habit: "weekly", failures: 2 },
];

const squash = { landing: "squash", release: "tag" } as const;
const merge = { landing: "merge", release: "tag" } as const;
const squashMain = { landing: "squash", release: "main" } as const;
const mergeMain = { landing: "merge", release: "main" } as const;
const train = { landing: "merge", release: "branch", staging: true } as const;

export const services: readonly ServiceSpec[] = [
  { id: "ledger-api", team: "ledger", phases: steady("daily", 0.8), ...squash, staging: true, reports: true },
  { id: "ledger-postings", team: "ledger", phases: steady("frequent"), ...squash, reports: true },
  { id: "reconciliation", team: "ledger", phases: steady("weekly"), ...train },
  {
    id: "payout-scheduler",
    team: "ledger",
    phases: improving("fortnightly", "weekly", "frequent"),
    ...merge,
  },
  { id: "statement-export", team: "ledger", phases: steady("fortnightly"), ...merge },

  { id: "payment-gateway", team: "payment-methods", phases: steady("daily"), ...mergeMain, staging: true },
  { id: "card-vault", team: "payment-methods", phases: steady("fortnightly", 0.5), ...train, reports: true },
  { id: "wallet-service", team: "payment-methods", phases: steady("frequent"), ...squash },
  { id: "direct-debit", team: "payment-methods", phases: steady("weekly"), ...merge },
  { id: "psp-adapters", team: "payment-methods", phases: steady("frequent", 1.7), ...squash, staging: true },

  { id: "fraud-scoring", team: "risk", phases: steady("elite"), ...squashMain, reports: true },
  { id: "risk-rules", team: "risk", phases: steady("daily"), ...squashMain },
  { id: "chargeback-desk", team: "risk", phases: steady("weekly"), ...squash },
  { id: "kyc-checks", team: "risk", phases: steady("weekly", 1.5), ...merge, staging: true },
  { id: "sanctions-screening", team: "risk", phases: steady("monthly"), ...train },

  {
    id: "storefront-web",
    team: "storefront",
    phases: steady("daily"),
    ...squash,
    repository: "storefront",
    paths: ["apps/web/**", "packages/ui/**", "packages/shared/**"],
  },
  {
    id: "storefront-bff",
    team: "storefront",
    phases: steady("frequent"),
    ...squash,
    repository: "storefront",
    paths: ["apps/bff/**", "packages/shared/**"],
  },
  { id: "content-service", team: "storefront", phases: steady("frequent"), ...squash },
  { id: "campaign-service", team: "storefront", phases: steady("weekly"), ...squash },
  { id: "mobile-gateway", team: "storefront", phases: steady("fortnightly"), ...train },

  { id: "product-catalog", team: "discovery", phases: steady("frequent"), ...merge, staging: true },
  { id: "search-api", team: "discovery", phases: improving("weekly", "frequent", "elite"), ...squashMain },
  { id: "search-indexer", team: "discovery", phases: steady("frequent", 0.8), ...squashMain },
  { id: "recommendation-engine", team: "discovery", phases: steady("weekly"), ...merge },
  { id: "media-resizer", team: "discovery", phases: steady("fortnightly", 0.6), ...squash },

  { id: "checkout", team: "checkout", phases: steady("elite"), ...mergeMain, reports: true },
  { id: "cart-service", team: "checkout", phases: steady("daily"), ...squash },
  { id: "pricing-engine", team: "checkout", phases: reorganised, ...squash },
  { id: "promotions", team: "checkout", phases: steady("frequent"), ...squash },
  { id: "tax-calculator", team: "checkout", phases: steady("weekly", 0.6), ...merge },

  { id: "order-service", team: "orders", phases: improving("weekly", "frequent", "daily"), ...merge },
  { id: "order-history", team: "orders", phases: steady("weekly"), ...merge, quietDaysAgo: 128 },
  { id: "returns-portal", team: "orders", phases: steady("weekly"), ...squash, staging: true },
  { id: "invoice-service", team: "orders", phases: steady("fortnightly"), ...merge },
  { id: "order-events", team: "orders", phases: steady("frequent"), ...squashMain, reports: true },

  { id: "wms-core", team: "warehouse", phases: steady("monolith"), ...train },
  { id: "stock-service", team: "warehouse", phases: steady("frequent"), ...merge },
  { id: "picking-app", team: "warehouse", phases: steady("weekly"), ...train },
  { id: "slotting-optimizer", team: "warehouse", phases: steady("weekly"), ...squash, launchedDaysAgo: null },
  { id: "label-printer", team: "warehouse", phases: steady("monthly"), ...merge },

  { id: "delivery-planner", team: "delivery", phases: steady("frequent"), ...squash, reports: true },
  {
    id: "carrier-adapters",
    team: "delivery",
    phases: steady("frequent", 1.8),
    ...merge,
    reports: true,
    brokenNow: true,
  },
  { id: "tracking-api", team: "delivery", phases: steady("daily"), ...squashMain },
  { id: "eta-predictor", team: "delivery", phases: steady("frequent"), ...squash },
  { id: "locker-network", team: "delivery", phases: steady("fortnightly"), ...squash, launchedDaysAgo: 47 },

  { id: "api-gateway", team: "developer-platform", phases: steady("weekly", 0.5), ...train, reports: true },
  {
    id: "feature-flags",
    team: "developer-platform",
    phases: steady("elite"),
    landing: "direct",
    release: "main",
  },
  { id: "ci-runners", team: "developer-platform", phases: steady("frequent"), ...squash },
  { id: "mesh-config", team: "developer-platform", phases: steady("fortnightly"), ...squash },
  { id: "build-cache", team: "developer-platform", phases: steady("weekly"), ...squashMain },

  { id: "event-stream", team: "data-platform", phases: steady("weekly"), ...train },
  { id: "analytics-loader", team: "data-platform", phases: steady("daily", 1.4), ...squashMain },
  { id: "metrics-pipeline", team: "data-platform", phases: steady("frequent"), ...merge },
  { id: "experiment-service", team: "data-platform", phases: steady("elite"), ...squashMain },
  { id: "report-builder", team: "data-platform", phases: steady("fortnightly", 1.3), ...merge },

  {
    id: "identity-provider",
    team: "identity",
    phases: improving("monthly", "fortnightly", "weekly"),
    ...train,
  },
  { id: "customer-profile", team: "identity", phases: steady("frequent"), ...squash, staging: true },
  { id: "consent-service", team: "identity", phases: steady("fortnightly", 0.5), ...merge },
  { id: "notification-service", team: "identity", phases: steady("daily"), ...squash, reports: true },
  { id: "loyalty-points", team: "identity", phases: steady("weekly"), ...merge },
];
