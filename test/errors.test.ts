import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { AppError, ERRORS, type ErrorCode } from "../src/model/error.ts";

test("docs/errors.md and the table of codes say the same, both ways", async () => {
  const text = await readFile(new URL("../docs/errors.md", import.meta.url), "utf8");
  const documented = [...text.matchAll(/^\| `(\w+)` \| (\d+) \| (.+) \|$/gm)].map(
    ([, code, status, meaning]) => [code, { status: Number(status), meaning }],
  );
  expect(documented).toEqual(Object.entries(ERRORS));
});

test("every code becomes an error with its status", () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[])
    expect(new AppError(code, "why", { more: 1 })).toMatchObject({
      code,
      status: ERRORS[code].status,
      message: "why",
      extra: { more: 1 },
    });
});
