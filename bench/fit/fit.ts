// Fits the columns of weights that search ranks by, without and with vectors of an embedder, and prints how well each does on what it was not fitted to.
//   npm run fit              prints; npm run fit -- --write  writes packages/core/src/memory/search/weights.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { signalNames } from "../../packages/core/src/memory/search/signals.ts";
import { conversationsFile, readConversations } from "../support/conversations.ts";
import { figuresOf } from "../support/figures.ts";
import { conversationStore, ownerStores } from "../support/stores.ts";
import { type Column, columnFor, leftOut, type Means, start } from "./columns.ts";
import { embedded, type Judged, judgedOf, ranked } from "./judged.ts";

const conversations = readConversations();
if (!conversations) throw new Error(`${conversationsFile} is not there.`);
const stores = {
  talks: conversations.map((each) => conversationStore(each.id, [each])),
  notes: ownerStores("fit"),
  // The held owners are for measuring alone.
  held: ownerStores("held"),
};
type Sets = Record<keyof typeof stores, Judged[]>;

const byWords = fitTo("words", {
  talks: stores.talks.flatMap((store) => judgedOf(store)),
  notes: stores.notes.flatMap((store) => judgedOf(store)),
  held: stores.held.flatMap((store) => judgedOf(store)),
});
const byMeaning = fitTo("meaning", {
  talks: await embedded(stores.talks),
  notes: await embedded(stores.notes),
  held: await embedded(stores.held),
});
const columns = [byWords.people, byWords.notes, byMeaning.people, byMeaning.notes];
for (const [i, name] of signalNames.entries())
  console.log(name.padEnd(16), ...columns.map((each) => each[i]?.toFixed(2).padStart(6)));
if (process.argv.includes("--write")) write();

/** Both columns, and how well they do. */
function fitTo(means: Means, { talks, notes, held }: Sets): Record<Column, number[]> {
  const how = means === "meaning" ? ", with the sentence model" : "";
  const columns = { people: columnFor("people", means, talks, []), notes: columnFor("notes", means, talks, notes) };
  report(`conversations${how}`, "the recipe", talks, () => start("people"));
  report(`conversations${how}`, "fitted, each left out", talks, leftOut("people", means, talks, []));
  report(`conversations${how}`, "fitted to all of them", talks, () => columns.people);
  report(`conversations${how}`, "by the column for notes", talks, () => columns.notes);
  report(`owners to fit${how}`, "the recipe", notes, (each) => start(columnOf(each)));
  report(`owners to fit${how}`, "fitted, each left out", notes, leftOut("notes", means, talks, notes));
  report(`owners held out${how}`, "the recipe", held, (each) => start(columnOf(each)));
  report(`owners held out${how}`, "fitted", held, (each) => columns[columnOf(each)]);
  return columns;
}

function columnOf({ namesSpeaker }: Judged): Column {
  return namesSpeaker ? "people" : "notes";
}

function report(
  set: string,
  way: string,
  all: readonly Judged[],
  weightsOf: (each: Judged) => readonly number[],
): void {
  const { questions, ...figures } = figuresOf(all.map((each) => ranked(each, weightsOf(each))));
  console.log(set.padEnd(40), way.padEnd(24), JSON.stringify({ questions, ...figures }));
}

function write(): void {
  const file = join(import.meta.dirname, "../../packages/core/src/memory/search/weights.ts");
  const rows = signalNames.map(
    (name, i) => `  ${name}: [${columns.map((each) => Number(each[i]?.toFixed(2))).join(", ")}],`,
  );
  const text = readFileSync(file, "utf8").replace(/(?<=const weights = \{\n)[^}]*/, `${rows.join("\n")}\n`);
  writeFileSync(file, text);
}
