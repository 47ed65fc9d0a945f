// Cedar with the shipped rules parsed. Reading them takes two milliseconds, but V8 must compile Cedar's parsers for it at
// each start, which takes fifty. So the build lets Cedar parse them once and keeps the memory that it leaves: the bundle
// gives it back to a fresh instance, which then stands where this one stood.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { schemaName } from "@mh/core/policy/engine.ts";
import { forbidsOf, permitsOf, policyHash, policySetsOf, shippedRules } from "@mh/core/policy/policy-set.ts";
import { policySchema } from "@mh/core/policy/shipped.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { cedarFolder, type PreparedRules, readLibrary } from "./cedar-library.ts";

type Cedar = typeof import("@mh/core/policy/cedar.ts") & {
  wasm: { memory: { buffer: ArrayBuffer }; __wbindgen_externrefs: { length: number } };
};

const pageBytes = 256;
const [file = ""] = process.argv.slice(2);
await writeFile(file, JSON.stringify(await prepare()));

async function prepare(): Promise<PreparedRules> {
  const cedar = await fresh();
  const { memory, __wbindgen_externrefs: references } = cedar.wasm;
  const before = Buffer.from(memory.buffer.slice(0));
  const rules = shippedRules();
  const hash = policyHash(nodeCrypto, rules);
  const { permits, forbids } = policySetsOf(rules);
  accept(cedar.library.preparseSchema(schemaName, policySchema));
  accept(cedar.library.preparsePolicySet(permitsOf(hash), { staticPolicies: permits }));
  accept(cedar.library.preparsePolicySet(forbidsOf(hash), { staticPolicies: forbids }));
  const after = Buffer.from(memory.buffer);
  const runs = changed(before, after);
  return {
    schema: policySchema,
    policySets: [permitsOf(hash), forbidsOf(hash)],
    memoryBytes: after.length,
    references: references.length,
    runs,
    contents: Buffer.concat(runs.map(([from, length]) => after.subarray(from, from + length))).toString("base64"),
  };
}

/** An instance of its own: nothing but these rules may be in it. */
async function fresh(): Promise<Cedar> {
  const module = `${file}.mjs`;
  await writeFile(module, await readLibrary(`${JSON.stringify(join(cedarFolder, "cedar_wasm_bg.wasm"))}`));
  try {
    return (await import(pathToFileURL(module).href)) as Cedar;
  } finally {
    await rm(module);
  }
}

/** Where the memory is no longer as it was, as offsets and lengths. */
function changed(before: Buffer, after: Buffer): [number, number][] {
  const runs: [number, number][] = [];
  const nothing = Buffer.alloc(pageBytes);
  for (let at = 0; at < after.length; at += pageBytes) {
    const old = at < before.length ? before.subarray(at, at + pageBytes) : nothing;
    if (old.equals(after.subarray(at, at + pageBytes))) continue;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === at) last[1] += pageBytes;
    else runs.push([at, pageBytes]);
  }
  return runs;
}

function accept(answer: { type: string }): void {
  if (answer.type !== "success") throw new Error(`Cedar does not take the shipped rules: ${JSON.stringify(answer)}`);
}
