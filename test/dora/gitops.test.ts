/** GitOps: commit of the configuration repository → tag of an image → commit of the source. */
import { expect, test } from "vitest";
import { deploymentFact } from "../../src/metrics/dora/map-facts.ts";
import { at } from "../http/support/dora-portal.ts";

const row = (properties: object) => ({
  ...{
    blueprint: "sync",
    identifier: "s1",
    title: null,
    team: [],
    relations: {},
    created_at: new Date(at(0)),
  },
  properties: { finishedAt: at(1), status: "Success", revision: "C0FFEE", ...properties },
});
const SOURCE = {
  blueprint: "sync",
  fields: {
    service: "relations.service",
    finished: "properties.finishedAt",
    status: "properties.status",
    sha: "properties.revision",
    image: "properties.images",
  },
};

test.each([
  [{ images: "ghcr.io/acme/shop:1.4.2-4f2a91c" }, ["4f2a91c"]],
  [
    { images: ["redis:7", "registry:5000/acme/shop:sha-4f2a91c0@sha256:00", "x:beef123"] },
    ["4f2a91c0", "beef123"],
  ],
  [{ images: ["redis:7", "shop:20260801"] }, []],
  [{ images: [] }, null],
  [{ images: 7 }, null],
  [{}, null],
])("of %j the source is one of %j", (properties, imageShas) => {
  expect(deploymentFact(row(properties), SOURCE)).toMatchObject({ sha: "c0ffee", imageShas });
});
