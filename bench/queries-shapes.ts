/** The searches of bench/queries.ts, each with other values every time it is asked. */
export interface Ask {
  /** null: over every blueprint. */
  readonly blueprint: string | null;
  readonly query: object;
  readonly include?: readonly string[];
}

export interface Shape {
  readonly name: string;
  readonly make: (i: number) => Ask;
}

const and = (...rules: object[]): object => ({ combinator: "and", rules });
const is = (property: unknown, operator: string, value: unknown): object => ({ property, operator, value });

/** A number from 1 to `n`, spread over all of them. */
const spread = (i: number, n: number): number => 1 + ((i * 7919 + 13) % n);

export const SHAPES: readonly Shape[] = [
  {
    name: "1 a deployment by the address of its run",
    make: (i) => ({
      blueprint: "deployment",
      query: and(is("url", "=", `https://ci.example.org/runs/${spread(i, 400_000)}`)),
    }),
  },
  {
    name: "2 failed deployments to production, last week",
    make: () => ({
      blueprint: "deployment",
      query: and(
        is("deploymentStatus", "=", "Failed"),
        is("environment", "=", "Production"),
        is("createdAt", "between", { preset: "lastWeek" }),
      ),
    }),
  },
  {
    name: "3 the longest incidents",
    make: (i) => ({ blueprint: "incident", query: and(is("minutes", ">", 99_600 + (i % 100))) }),
  },
  {
    name: "4 pull requests with a label",
    make: (i) => ({
      blueprint: "pullRequest",
      query: and(is("labels", "contains", `area-${spread(i, 2000) - 1}`)),
    }),
  },
  {
    name: "5 pull requests by a part of the title",
    make: (i) => ({
      blueprint: "pullRequest",
      query: and(is("$title", "contains", (spread(i, 0xffff) + 0x10000).toString(16))),
    }),
  },
  {
    name: "6 what my teams own, of every blueprint, by team",
    make: () => ({
      blueprint: null,
      query: and(is("$team", "in", ["My Teams"]), is("$blueprint", "in", ["service", "_user"])),
    }),
  },
  {
    name: "7 deployments of a service, by its title",
    make: (i) => ({
      blueprint: "deployment",
      query: and({ relation: "service", targetProperty: "$title", operator: "=", value: titleOf(i) }),
    }),
  },
  {
    name: "8 what depends on a service, and all that depends on that: deployments",
    make: (i) => ({
      blueprint: "deployment",
      query: and({
        operator: "relatedTo",
        blueprint: "service",
        value: `service-${101 + spread(i, 19_000)}`,
        direction: "downstream",
      }),
    }),
  },
  {
    name: "9 critical incidents of a domain, over the service",
    make: (i) => ({
      blueprint: "incident",
      query: and(
        is({ path: ["service", "domain"] }, "matchAny", `domain-${spread(i, 20)}`),
        is("severity", "=", "critical"),
      ),
    }),
  },
  {
    name: "10 services of a department: its team and two levels below",
    make: (i) => ({
      blueprint: "service",
      query: and(
        is({ path: ["$team", { relation: "parent", maxHops: 2 }] }, "matchAny", `_team-${1 + spread(i, 19)}`),
      ),
    }),
  },
  {
    name: "11 fifty entities of an exporter, by identifier, over every blueprint",
    make: (i) => ({
      blueprint: null,
      include: ["$identifier", "$blueprint"],
      query: and(
        is("$datasource", "contains", "port-k8s-exporter/"),
        is("$datasource", "contains", "(statekey/prod-"),
        is(
          "$identifier",
          "in",
          Array.from({ length: 50 }, (_, n) => `workload-${spread(i * 50 + n, 217_000)}`),
        ),
      ),
    }),
  },
  {
    name: "12 everything that names a user, whatever the property is called",
    make: (i) => ({
      blueprint: null,
      query: and({
        propertySchema: { type: "string", format: "user" },
        operator: "=",
        value: `user${spread(i, 2000) - 1}@example.org`,
      }),
    }),
  },
];

const NAMES = ["Checkout", "Cart", "Orders", "Payments", "Search", "Ledger", "Mailer", "Gateway"];
/** One of eight is the title of a service; the others are looked up in vain. */
function titleOf(i: number): string {
  return `${NAMES[i % NAMES.length] ?? ""} service ${spread(i, 20_000)}`;
}
