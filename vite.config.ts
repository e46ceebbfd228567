import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** The web interface: `src/web` → `dist/web`, which the server serves. `npm run dev` sends API calls to a local server. */
const api = "http://127.0.0.1:3000";

/**
 * For V8: every function of a file is compiled while it comes in, beside the page's own thread. Otherwise each is read
 * twice, and compiled on that thread when it is first called, a sixth of what a cold start took.
 */
const compiledAtOnce: Plugin = {
  name: "compiled-at-once",
  enforce: "post",
  generateBundle: {
    // It has to be the first line: after whatever else is put before the code.
    order: "post",
    handler(_options, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === "chunk") file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
    },
  },
};

/** Ids by React itself. Mantine's hook sets another one after each mount: every field was drawn twice. */
const idsAtOnce: Plugin = {
  name: "ids-at-once",
  transform: (_code, id) =>
    /@mantine[\\/]hooks[\\/].*[\\/]use-id\.mjs$/.test(id)
      ? `import { useId as own } from "react";
export function useId(given) {
  const id = own();
  return typeof given === "string" ? given : id;
}`
      : null,
};

/** Kinds of menus that no page has, and that come with each: 4 KB of the first page. Whoever uses one sees nothing of it: take it out here. */
const fewerMenus: Plugin = {
  name: "fewer-menus",
  transform: (_code, id) => {
    const [, name] = /@mantine[\\/].*[\\/](MenuSub|MenuContextMenu)\.mjs$/.exec(id) ?? [];
    return name === undefined ? null : `export const ${name} = () => null;`;
  },
};

// A tool reads this file's default export.
export default defineConfig({
  root: "src/web",
  plugins: [react(), idsAtOnce, fewerMenus, compiledAtOnce],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2023",
    // Browsers of that year know `modulepreload`.
    modulePreload: { polyfill: false },
    // Fonts and images stay files: `font-src 'self'` allows no data: URLs.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
            // Small parts that nearly every page has: one file instead of ten, and smaller so.
            {
              name: "parts",
              test: /parts[\\/](ago|bone|breadcrumb|choice|notice|slow-note|tag|use-returning-close|empty|actor|add-button|any-link|not-found|not-loaded|missing|drawer-buttons)\.tsx?$/,
              priority: 1,
            },
            // Of a few lines each, and on many pages.
            {
              name: "icons",
              test: /icons-react[\\/].*[\\/]Icon(ArrowDown|ArrowDownRight|ArrowRight|ArrowUp|ArrowUpRight|Check|ChevronDown|ChevronRight|Dots|Download|Eye|Filter|Key|Minus|Pencil|Plus|Table|Trash)\.mjs$/,
              priority: 1,
            },
            {
              name: "hooks",
              test: /@mantine[\\/]hooks[\\/].*use-(debounced-value|debounced-callback|isomorphic-effect|merged-ref)[\\/.]/,
              priority: 1,
            },
            {
              name: "styles",
              test: /(actions|builder|catalog|entity|pages|runs|settings|sources)\.module\.css/,
              priority: 1,
            },
            { name: "charts", test: /node_modules[\\/](@visx|d3-|internmap|lodash|classnames)/, priority: 2 },
          ],
        },
      },
    },
  },
  server: { proxy: { "/v1": api, "/auth": api, "/docs": api, "/openapi.json": api } },
});
