import { expect, test } from "vitest";
import { commitOfImage } from "../../../src/model/image-commit.ts";
import { connectorSuite } from "../connector-suite.ts";
import { ArgocdServer, shaOf } from "./argocd-server.ts";

connectorSuite({
  type: "argocd",
  faults: [
    { at: 3, told: { status: 429, headers: { "retry-after": "0" }, body: "<html>Too Many Requests</html>" } },
    { at: 9, told: { status: 502, body: "<html>Bad Gateway</html>" } },
  ],
  vendor: () => new ArgocdServer(),
  examples: [
    {
      blueprint: "argocdApplication",
      identifier: "uid-1",
      has: { syncStatus: "Synced", healthStatus: "Healthy", gitPath: "apps/app-1-staging" },
    },
    {
      blueprint: "deployment",
      identifier: "app-1@argocd-uid-1-2",
      has: {
        ...{ environment: "Staging", deploymentStatus: "Success", sha: shaOf("app-1-staging 2") },
        ...{ createdAt: "2026-03-02T05:00:00Z", ref: "main" },
      },
    },
    // The tag of an image tells the commit of what runs now, and nobody that of what ran before.
    { blueprint: "deployment", identifier: "app-2@argocd-uid-2-15", has: { sha: shaOf("x").slice(0, 10) } },
    {
      blueprint: "deployment",
      identifier: "app-3@argocd-uid-3-failed-2026-03-13T20:00:00Z",
      has: { deploymentStatus: "Failed", sha: shaOf("bad") },
    },
  ],
});

test.each([
  ["images.example.com/app:4f2a91c0", "4f2a91c0"],
  ["app=images.example.com:5000/app:sha-4f2a91c@sha256:00aa", "4f2a91c"],
  ["app:v1.2.3-g4f2a91c", "4f2a91c"],
  ["app:20260301", null],
  ["app:1.4.0", null],
  ["images.example.com:5000/app", null],
])("the commit in %s", (image, commit) => {
  expect(commitOfImage(image)).toBe(commit);
});
