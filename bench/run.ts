/** All benchmarks, one table: `npm run bench`, or with DATABASE_URL set for PostgreSQL. Plans: `node bench/metrics.ts`. */
import { loadavg } from "node:os";
import { benchDora } from "./dora.ts";
import { benchImport } from "./import.ts";
import { benchIngest } from "./ingest.ts";
import { benchMetrics, timingLines } from "./metrics.ts";

const line = (name: string, value: string): void => console.log(`${name.padEnd(50)} ${value}`);

line(
  "load of the machine at the start",
  loadavg()
    .map((load) => load.toFixed(1))
    .join(" "),
);

for (const { commits, deployments, deriveMs, metricsMs } of await benchDora())
  line(
    `derive ${commits} commits, ${deployments} deployments`,
    `${deriveMs.toFixed(0)} ms; headlines ${metricsMs.toFixed(0)} ms`,
  );

const ingest = await benchIngest();
line(
  `entities in batches of 500 (${ingest.store})`,
  `created ${ingest.created}/s, unchanged ${ingest.unchanged}/s, updated ${ingest.updated}/s`,
);

const imported = await benchImport();
line(
  `import of ${imported.commits} commits (${imported.store})`,
  `${imported.seconds.toFixed(1)} s, ${imported.commitsPerSecond} commits/s, ${imported.deployments} deployments, ${imported.changes} changes`,
);
line(
  "memory of the server",
  `start ${imported.startMegabytes} MB, idle ${imported.idleMegabytes} MB, importing ${imported.peakMegabytes} MB, highest ${imported.highWaterMegabytes} MB`,
);
line(
  "import again",
  `${imported.againSeconds.toFixed(1)} s, rows written ${JSON.stringify(imported.againRows)}`,
);

const metrics = await benchMetrics();
line(`questions at ${metrics.commits} commits (${metrics.store})`, "min / median / max");
for (const text of timingLines(metrics)) console.log(text);
line(
  "load of the machine at the end",
  loadavg()
    .map((load) => load.toFixed(1))
    .join(" "),
);
