import * as fs from "node:fs";
import { makeHost, type TestHost } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { forget } from "../support/forget.ts";

test("the words of a memory stand once in the memory files and once in the index, and nowhere else", async () => {
  await using home = await makeHost();
  const words = "the heron stood below the weir at noon";
  const items = [{ externalId: "a", content: `On Sunday ${words}.` }];
  await home.own("memory.import", { source: "notes", from: "here", items });
  await home.own("memory.capture", { text: `Yesterday ${words}.` });
  await home.close();
  const places = timesIn(home, words);
  const [index = [], ...files] = [places.filter(isIndex), ...places.filter((place) => !isIndex(place))];
  expect(index).toEqual([["memory/index/index.db", 2]]);
  expect(files).toEqual([[expect.stringMatching(/^memory\/episodic\//), 2]]);
});

test("K18 neither the text index nor the name of a file keeps a word of what was forgotten", async () => {
  await using home = await makeHost();
  const item = { externalId: "a", content: "Zanzibar is the capital of Plovdiv", kind: "semantic" as const };
  const fact = { subject: "Quibble", predicate: "capital of", object: "Plovdiv" };
  await home.own("memory.import", { source: "notes", from: "here", items: [{ ...item, fact }] });
  expect(wordsIn(home)).toMatchObject({ terms: ["zanzibar"], names: [expect.stringContaining("quibble")] });
  const { results } = await home.own<{ results: { id: string }[] }>("memory.import", {
    ...{ source: "notes", from: "here", items: [{ ...item, fact }] },
  });
  await forget(home, results[0]?.id);
  expect(wordsIn(home)).toEqual({ terms: [], names: [] });
});

/** What the index knows of the planted words, apart from rows of memories. */
function wordsIn(home: TestHost): { terms: unknown[]; names: unknown[] } {
  using db = opened(home);
  return {
    terms: db.prepare("SELECT term FROM memory_terms WHERE term LIKE 'zanz%'").pluck().all(),
    names: db.prepare("SELECT name FROM line_names WHERE name LIKE '%quibble%'").pluck().all(),
  };
}

function opened(home: TestHost) {
  const db = new Sqlite(home.file("memory/index/index.db"), { readonly: true });
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}

type Place = [path: string, times: number];

const isIndex = ([path]: Place): boolean => path.startsWith("memory/index/");

function timesIn(home: TestHost, words: string): Place[] {
  const paths = fs.readdirSync(home.root, { recursive: true, encoding: "utf8" }).sort();
  const files = paths.filter((path) => fs.statSync(home.file(path)).isFile());
  return files.flatMap((path): Place[] => {
    const times = fs.readFileSync(home.file(path), "latin1").split(words).length - 1;
    return times > 0 ? [[path, times]] : [];
  });
}
