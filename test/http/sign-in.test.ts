import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const anonymous = { authorization: "" };
const login = (password: unknown) =>
  app.send("POST", "/auth/login", { email: "admin@example.com", password }, anonymous);

test("§1 a password that is refused by its form is not repeated in the answer", async () => {
  const { status, body } = await login(12_345_678_901);
  expect(status).toBe(422);
  expect(JSON.stringify(body)).not.toContain("12345678901");
});

// Last: afterwards this address has to wait.
test("§1 guesses at the same time do not slip through the limit of failures", async () => {
  const right = await login("correct horse battery");
  expect(right.status).toBe(200);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => login(`wrong password ${i}`)));
  const statuses = answers.map((answer) => answer.status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(30);
});
