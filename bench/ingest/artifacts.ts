/** What the benchmarks of ingestion write: artifacts that were deployed, each related to one of fifty services. */
export const SERVICES = 50;

export const SERVICE_BLUEPRINT = { identifier: "service", title: "Service", schema: { properties: {} } };

export const ARTIFACT_BLUEPRINT = {
  identifier: "artifact",
  title: "Artifact",
  schema: {
    properties: {
      createdAt: { type: "string", format: "date-time" },
      environment: { type: "string", enum: ["Production", "Staging", "Testing"] },
      deploymentStatus: { type: "string", enum: ["Success", "Failed"] },
      sha: { type: "string", pattern: "^[0-9a-f]{40}$" },
      url: { type: "string", format: "url" },
      trigger: { type: "string", enum: ["normal", "rollback", "hotfix"] },
    },
  },
  relations: { service: { target: "service" } },
};

export interface Artifact {
  readonly identifier: string;
  readonly title: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly relations: { readonly service: string };
}

const artifact = (n: number, status: string): Artifact => ({
  identifier: `checkout@v1.${n}`,
  title: `Deployment ${n}`,
  properties: {
    createdAt: new Date(1_700_000_000_000 + n * 60_000).toISOString(),
    environment: "Production",
    deploymentStatus: status,
    sha: n.toString(16).padStart(40, "0"),
    url: `https://git.example.com/checkout/deployments/${n}`,
    trigger: "normal",
  },
  relations: { service: `service-${n % SERVICES}` },
});

export const artifacts = (from: number, count: number, status = "Success"): Artifact[] =>
  Array.from({ length: count }, (_, i) => artifact(from + i, status));

export const services = (): { identifier: string; title: string }[] =>
  Array.from({ length: SERVICES }, (_, n) => ({ identifier: `service-${n}`, title: `Service ${n}` }));
