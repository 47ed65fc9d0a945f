import * as path from "node:path";
import { pathToFileURL } from "node:url";
import nlp from "compromise/two";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { languageModel } from "../../tools/language-model.ts";
import { makePlace } from "../support/make-place.ts";

test("compromise in the bundle knows and says what the library itself does", async () => {
  using place = makePlace();
  const outfile = place.at("two.mjs");
  const root = path.join(import.meta.dirname, "..", "..");
  const stdin = { contents: `export { default } from "compromise/two";`, resolveDir: path.join(root, "packages/core") };
  await build({ stdin, outfile, bundle: true, format: "esm", platform: "node", plugins: [languageModel(root)] });
  const bundled = ((await import(pathToFileURL(outfile).href)) as { default: typeof nlp }).default;
  expect(bundled.model()).toEqual(nlp.model());
  expect(Object.keys(lexiconOf(bundled))).toEqual(Object.keys(lexiconOf(nlp)));
  for (const text of [
    "The ML project was late",
    "Sarah Miller flew to Lindau with ACME Corp in May",
    "Rob robbed Robin",
  ])
    expect(tagged(bundled, text)).toEqual(tagged(nlp, text));
});

const lexiconOf = (of: typeof nlp) => (of.model() as { one: { lexicon: object } }).one.lexicon;

/** Each word with its tags; the library numbers its words as it goes. */
const tagged = (by: typeof nlp, text: string) =>
  (by(text).docs as { text: string; tags: Set<string> }[][]).flat().map((term) => [term.text, [...term.tags]]);
