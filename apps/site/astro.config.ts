import { fileURLToPath } from "node:url";
import svelte from "@astrojs/svelte";
import tailwind from "@tailwindcss/vite";
import { defineConfig } from "astro/config";

// Our packages import each other's files (see their `exports`).
const ourSources = {
  name: "our-sources",
  // Bundled whole: what prerenders the pages must not find another version of a library beside the build.
  configEnvironment: () => ({ resolve: { conditions: ["mh-source"], noExternal: true as const } }),
};

// Static files alone: `npm run build` hashes and compresses them, and the daemon serves them (tools/build-site.ts).
export default defineConfig({
  output: "static",
  outDir: process.env.MH_SITE_OUT ?? "dist",
  cacheDir: "../../node_modules/.cache/astro-mh-site",
  build: { format: "file", inlineStylesheets: "never", assets: "assets" },
  devToolbar: { enabled: false },
  integrations: [svelte()],
  vite: {
    plugins: [tailwind(), ourSources],
    // Its form for browsers reads entities with `innerHTML`, which Trusted Types forbid.
    resolve: {
      alias: {
        "decode-named-character-reference": fileURLToPath(import.meta.resolve("decode-named-character-reference")),
      },
    },
    define: { "import.meta.env.MH_BUILD": JSON.stringify(process.env.MH_SITE_BUILD ?? "") },
    build: { assetsInlineLimit: 0, sourcemap: false, modulePreload: { polyfill: false } },
  },
});
