import { defineConfig, type Plugin } from "vite";

// Whose code is in the page: bundled.json lists the packages, so that licences can be held against it.
const packages: Plugin = {
  name: "packages",
  generateBundle(_options, bundle) {
    const found = new Set<string>();
    for (const part of Object.values(bundle)) {
      for (const id of part.type === "chunk" ? Object.keys(part.modules) : []) {
        const inside = id.split("/node_modules/").pop();
        if (inside && inside !== id) found.add(inside.split("/").slice(0, inside.startsWith("@") ? 2 : 1).join("/"));
      }
    }
    this.emitFile({ type: "asset", fileName: "bundled.json", source: `${JSON.stringify([...found].sort(), null, 1)}\n` });
  },
};

// The page lies beside the server that sends it; it is built, never committed.
export default defineConfig({
  plugins: [packages],
  base: "/",
  build: { outDir: "../src/bestand/web/page", emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
