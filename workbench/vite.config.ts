import { defineConfig } from "vite";

// The page lies beside the server that sends it; it is built, never committed.
export default defineConfig({
  base: "/",
  build: { outDir: "../src/bestand/web/page", emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
