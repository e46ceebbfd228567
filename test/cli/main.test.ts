import { spawn } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startApiDouble } from "./support/api-double.ts";
import type { ApiDouble } from "./support/api-double.ts";
import { createRepository, temporaryFolder } from "./support/git-fixture.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/fairway.js");

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function fairway(
  args: readonly string[],
  cwd: string,
  onStart?: (stop: () => void) => void,
): Promise<Finished> {
  const env = { ...process.env };
  delete env["FAIRWAY_DATA"];
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  onStart?.(() => child.kill("SIGINT"));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder in which the double looks like the local server. */
function besideServer(double: ApiDouble): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, ".fairway"));
  writeFileSync(join(folder, ".fairway/server.json"), JSON.stringify({ url: double.url, pid: 1 }));
  writeFileSync(
    join(folder, ".fairway/credentials.json"),
    JSON.stringify({ clientId: "cli", clientSecret: "secret" }),
  );
  return folder;
}

describe("fairway", () => {
  it("can be executed", () => {
    // oxlint-disable-next-line no-bitwise -- the file mode is a bit set
    expect(statSync(MAIN).mode & 0o111).toBe(0o111);
  });

  it("finds the local server, imports, and prints one JSON document", async () => {
    const double = await startApiDouble();
    const repository = createRepository();
    repository.commit("Add (#1)");
    repository.tag("v1.0.0");
    const result = await fairway(["import", "git", repository.folder, "--json"], besideServer(double));
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(result.stdout)).toMatchObject({
      ok: true,
      imports: [
        {
          repository: "shop",
          services: ["shop"],
          sent: { commits: 1, deployments: 1, changes: 1 },
          settled: true,
          errors: { count: 0 },
        },
      ],
    });
    expect(double.runs).toHaveLength(1);
  });

  it.each([
    [["import", "git"], 2, "usage"],
    [["import", "git", "/nonexistent/x"], 2, "usage"],
    [["import", "git", ".", "--nope"], 2, "usage"],
    [["nope"], 2, "usage"],
    [[], 2, "usage"],
    [["dora"], 3, "no_server"],
    [["dora", "--url", "http://127.0.0.1:1", "--client-id", "a", "--client-secret", "b"], 3, "unreachable"],
  ])("%j ends with %i", async (args, code, error) => {
    const folder = temporaryFolder();
    const json = await fairway([...args, "--json"], folder);
    expect(json.code).toBe(code);
    expect(json.stdout).toBe("");
    expect(JSON.parse(json.stderr)).toMatchObject({ ok: false, error, exitCode: code });
    const words = await fairway(args, folder);
    expect(words.stderr).toMatch(/^fairway: /);
    expect(words.stderr).not.toContain("    at ");
  });

  it("prints help on stdout and ends with 0", async () => {
    const result = await fairway(["import", "git", "--help"], temporaryFolder());
    expect(result.code).toBe(0);
    expect(result.stdout).toContain("--merges <branch>");
  });

  it("stops on an interrupt with 130 and leaves the run as failed", async () => {
    const double = await startApiDouble();
    const repository = createRepository();
    repository.commit("x");
    let stop = () => {};
    double.intercept = ({ path }) => {
      if (path !== "/v1/dora/commits") return undefined;
      stop();
      return { status: 503, body: {} };
    };
    const result = await fairway(["import", "git", repository.folder], besideServer(double), (kill) => {
      stop = kill;
    });
    expect(result.code).toBe(130);
    expect(result.stderr).toContain("run the same command again");
    expect(double.runs[0]?.status).toBe("failed");
  });
});
