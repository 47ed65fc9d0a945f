import { createRequire } from "node:module";
import { renewBy } from "@mh/core/policy/cedar.ts";

const require = createRequire(import.meta.url);
const name = "@cedar-policy/cedar-wasm/nodejs";

// The library makes its one instance when it is loaded, so another instance is another load. The bundle has a way of its own.
renewBy(() => {
  delete require.cache[require.resolve(name)];
  return require(name);
});
