#!/usr/bin/env node
// Plain JavaScript, and nothing imported before the check: an older Node would fail on the first type with a message
// about syntax or file extensions.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    `fairway needs Node 24, this is ${process.versions.node}; npx fairway (after npm ci) brings its own\n`,
  );
  process.exitCode = 1;
} else {
  const { run } = await import("./run.ts");
  await run(process.argv.slice(2));
}
