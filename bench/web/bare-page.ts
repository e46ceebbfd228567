/** A page with React and a line of text, built and served here: what the pages' start is compared with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Below the modules that it imports. */
const ROOT = fileURLToPath(new URL("../../dist/", import.meta.url));

export interface BarePage {
  readonly url: string;
  close(): Promise<void>;
}

export async function serveBarePage(): Promise<BarePage> {
  const folder = mkdtempSync(join(ROOT, "bare-"));
  const out = join(folder, "out");
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bare</title></head>
<body><div id="root"></div><script type="module" src="/main.js"></script></body></html>`,
  );
  writeFileSync(
    join(folder, "main.js"),
    `import { createElement } from "react";
import { createRoot } from "react-dom/client";
createRoot(document.getElementById("root")).render(createElement("main", null, createElement("h1", null, "Bare")));`,
  );
  await build({
    root: folder,
    configFile: false,
    logLevel: "warn",
    build: { outDir: out, target: "es2023" },
  });
  const server = createServer((request, response) => {
    const path = request.url === "/" || request.url === undefined ? "/index.html" : request.url;
    try {
      const body = readFileSync(join(out, path));
      const type = path.endsWith(".js") ? "text/javascript" : "text/html";
      response.writeHead(200, { "content-type": type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      rmSync(dirname(out), { recursive: true, force: true });
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
