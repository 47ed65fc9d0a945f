// compromise works its dictionary out at each start: it unpacks 24,000 words, conjugates the verbs and copies the result,
// which is a quarter of a short command. The bundle holds what comes out; sources and tests run the library as it is.
import { deepStrictEqual } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

type Model = Record<"one" | "two", Record<string, unknown>>;

/** Parts of the model that are plain data, and heavy to work out. */
const data = {
  one: ["lexicon", "frozenLex", "_multiCache"],
  two: ["switches", "uncountable", "irregularPlurals", "models", "orgWords", "placeWords"],
} as const;

const modelFile = "compromise/src/2-two/preTagger/model/index.js";
const extendFile = "compromise/src/API/extend.js";

/** Bundles compromise with its dictionary worked out. Fails where the library is no longer the one it was written for. */
export function languageModel(root: string): Plugin {
  const packages = join(root, "node_modules");
  return {
    name: "language-model",
    setup(build) {
      build.onLoad({ filter: /compromise[\\/]src[\\/]2-two[\\/]preTagger[\\/]model[\\/]index\.js$/ }, async () => ({
        contents: await workedOut(join(packages, modelFile)),
        loader: "js",
      }));
      build.onLoad({ filter: /compromise[\\/]src[\\/]API[\\/]extend\.js$/ }, async () => ({
        contents: replaced(await readFile(join(packages, extendFile), "utf8"), [
          // Into an empty place the whole is put: copying word by word makes as many objects.
          [
            "if (!model[key]) Object.assign(model, { [key]: {} })",
            "if (isEmpty(model[key])) { model[key] = plugin[key]; continue }",
          ],
          ["Object.assign(model, { [key]: plugin[key] })", "model[key] = plugin[key]"],
          [
            "// recursive merge",
            "const isEmpty = value => { for (const _ in value) return false; return true }\n// recursive merge",
          ],
        ]),
        loader: "js",
      }));
    },
  };
}

/** The library's own module, with the parts that are data as they are once it has run. */
async function workedOut(file: string): Promise<string> {
  const { default: model } = (await import(pathToFileURL(file).href)) as { default: Model };
  const parts = { one: pick(model.one, data.one), two: pick(model.two, data.two) };
  const text = JSON.stringify(parts);
  deepStrictEqual(JSON.parse(text), parts, "the dictionary is no plain data any more");
  const source = replaced(await readFile(file, "utf8"), [
    ["import irregularPlurals from './irregulars/plurals.js'", ""],
    ["import { lexicon, switches, frozenLex } from './lexicon/index.js'", ""],
    ["import models from './models/index.js'", ""],
    ["import orgWords from './orgWords.js'", ""],
    ["import placeWords from './placeWords.js'", ""],
    ["import expandLexicon from './_expand/index.js'", `const data = JSON.parse(${JSON.stringify(text)})`],
    ["_multiCache: {},", ""],
    ["    lexicon,", "    ...data.one,"],
    ["    frozenLex,", ""],
    ["    irregularPlurals,", "    ...data.two,"],
    ["    models,", ""],
    ["    switches,", ""],
    ["    uncountable: {},", ""],
    ["    orgWords,", ""],
    ["    placeWords,", ""],
    ["model = expandLexicon(model)", ""],
  ]);
  return source;
}

function pick(from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}

function replaced(source: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`compromise has changed: it has no ${JSON.stringify(from)} any more.`);
    return text.replace(from, () => to);
  }, source);
}
