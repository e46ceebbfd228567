import { expect, test } from "vitest";
import { compileMapping, compileTemplate } from "../../src/jq/index.ts";
import { missingIn, needsJq, sentOf, settleForm } from "../../src/web/actions/settle-form.ts";
import type { UserInputsDoc } from "../../src/web/actions/types.ts";
import { decodeJsurl, encodeJsurl } from "../../src/web/lib/jsurl.ts";

const jq = { compileMapping, compileTemplate };
const settle = (form: UserInputsDoc, sent: Record<string, unknown>, entity: unknown = null) =>
  settleForm(jq, form, {
    ...{ sent, entity, user: { email: "ada@example.com" }, now: 1_700_000_000 },
    entityOf: (blueprint, identifier) => ({ identifier, blueprint, properties: { region: "eu" } }),
  });

test("what is shown, asked for, offered and worked out follows what is filled in", () => {
  const form: UserInputsDoc = {
    properties: {
      kind: { type: "string", enum: ["vm", "bucket"], default: "vm" },
      size: {
        ...{ type: "string", dependsOn: ["kind"] },
        enum: { jqQuery: 'if .form.kind == "vm" then ["small", "large"] else ["any"] end' },
        visible: { jqQuery: '.form.kind == "vm"' },
      },
      owner: { type: "string", default: { jqQuery: ".user.email" } },
      name: { type: "string", value: { jqQuery: '"\\(.form.kind)-\\(.form.owner)"' } },
      until: { type: "string", default: { jqQuery: "now + 432000 | todate" } },
    },
    required: { jqQuery: 'if .form.kind == "vm" then ["size"] else [] end' },
  };
  expect(needsJq(form)).toBe(true);
  const first = settle(form, {});
  expect(first.fields.get("size")).toMatchObject({ visible: true, required: true, waitsFor: [] });
  expect(first.fields.get("size")?.input.enum).toEqual(["small", "large"]);
  expect(first.fields.get("name")).toMatchObject({ value: "vm-ada@example.com", computed: true });
  expect(first.fields.get("until")?.value).toBe("2023-11-19T22:13:20Z");
  expect(missingIn(first, ["kind", "size", "name"])).toEqual(["size"]);

  const other = settle(form, { kind: "bucket", size: "small" });
  expect(other.fields.get("size")).toMatchObject({ visible: false, required: false });
  // The server refuses what the form does not show, so it is not sent.
  expect(sentOf(other, { kind: "bucket", size: "small" })).toEqual({ kind: "bucket" });
});

test("entities are whole for expressions; a blueprint may follow from another input", () => {
  const form: UserInputsDoc = {
    properties: {
      service: { type: "string", format: "entity", blueprint: "service" },
      other: { type: "string", format: "entity", blueprint: "{{ .form.service.blueprint }}" },
      region: { type: "string", default: { jqQuery: ".form.service.properties.region" } },
      note: { type: "string", visible: { jqQuery: ".entity.properties.locked" } },
      odd: { type: "string", enum: { jqQuery: 'error("no")' } },
    },
    steps: [{ title: "One", order: ["service", "other", "region", "note", "odd"] }],
  };
  const { fields } = settle(form, { service: "shop" }, { properties: { locked: false } });
  expect(fields.get("other")?.input.blueprint).toBe("service");
  expect(fields.get("region")?.value).toBe("eu");
  expect(fields.get("note")?.visible).toBe(false);
  expect(fields.get("odd")?.problem).toContain("no");
});

test("inputs in an address are JSURL, both ways; anything else is none", () => {
  const value = {
    name: "my $shop: 1/2 – ü🚀",
    days: 5.5,
    on: true,
    none: null,
    list: ["a", 1, []],
    $targetEntity: { identifier: "x" },
  };
  expect(decodeJsurl(encodeJsurl(value))).toEqual(value);
  expect(decodeJsurl("~(name~'a*20b~list~(~1~'x)~o~(~))")).toEqual({ name: "a b", list: [1, "x"], o: [] });
  expect(encodeJsurl({ a: "x y" })).toBe("~(a~'x*20y)");
  for (const text of ["", "x", "~(", "~(a", "~(a~'b", "~'a~", "~abc", "~(".repeat(100)])
    expect(decodeJsurl(text)).toBeUndefined();
});
