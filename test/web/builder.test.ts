import { describe, expect, test } from "vitest";
import { editable, identifierOf, parseDocument } from "../../src/web/builder/parse-document.ts";

describe("a blueprint as text", () => {
  test.each([
    ['{"identifier":"a"}', { identifier: "a" }],
    ["{}", {}],
  ])("%s is a document", (text, document) => {
    expect(parseDocument(text)).toEqual({ document, problem: null });
  });
  test.each([
    ["[]", /^This is no JSON object\.$/],
    ["1", /^This is no JSON object\.$/],
    ['{"a":}', /JSON/],
    ["{“identifier”: “a”}", /Typographic quotes/],
  ])("%s is none, and says why", (text, problem) => {
    expect(parseDocument(text)).toEqual({ document: null, problem: expect.stringMatching(problem) });
  });
  test("is edited in its own order, without what the server adds", () => {
    const text = editable({ title: "A", identifier: "a", createdAt: "x", updatedBy: "y", schema: {} });
    expect(text).toBe('{\n  "title": "A",\n  "identifier": "a",\n  "schema": {}\n}');
  });
});

test.each([
  ["My service", "my_service"],
  ["  Größe & Co. ", "große_co"],
  ["Pull Request #1", "pull_request_1"],
  ["!!!", ""],
])("the title %j makes the identifier %j", (title, identifier) => {
  expect(identifierOf(title)).toBe(identifier);
});
