// Fits the two columns of weights that search ranks by, and prints how well each does on what it was not fitted to.
//   npm run fit              prints; npm run fit -- --write  writes packages/core/src/memory/search/weights.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { signalNames } from "../../packages/core/src/memory/search/signals.ts";
import { conversationsFile, readConversations } from "../support/conversations.ts";
import { figuresOf } from "../support/figures.ts";
import { conversationStore, ownerStores } from "../support/stores.ts";
import { type Column, columnFor, leftOut, start } from "./columns.ts";
import { type Judged, judgedOf, ranked } from "./judged.ts";

const conversations = readConversations();
if (!conversations) throw new Error(`${conversationsFile} is not there.`);
const talks = conversations.flatMap((each) => judgedOf(conversationStore(each.id, [each])));
const notes = ownerStores("fit").flatMap(judgedOf);
// The held owners are for measuring alone.
const held = ownerStores("held").flatMap(judgedOf);

const columns = { people: columnFor("people", talks, []), notes: columnFor("notes", talks, notes) };

report("conversations", "the recipe", talks, () => start("people"));
report("conversations", "fitted, each left out", talks, leftOut("people", talks, []));
report("conversations", "fitted to all of them", talks, () => columns.people);
report("conversations", "by the column for notes", talks, () => columns.notes);
report("owners to fit", "the recipe", notes, (each) => start(columnOf(each)));
report("owners to fit", "fitted, each left out", notes, leftOut("notes", talks, notes));
report("owners held out", "the recipe", held, (each) => start(columnOf(each)));
report("owners held out", "fitted", held, (each) => columns[columnOf(each)]);
for (const [i, name] of signalNames.entries())
  console.log(
    name.padEnd(12),
    ...(["people", "notes"] as const).map((each) => columns[each][i]?.toFixed(2).padStart(6)),
  );
if (process.argv.includes("--write")) write();

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
  console.log(set.padEnd(16), way.padEnd(24), JSON.stringify({ questions, ...figures }));
}

function write(): void {
  const file = join(import.meta.dirname, "../../packages/core/src/memory/search/weights.ts");
  const rows = signalNames.map(
    (name, i) =>
      `  ${name}: [${[columns.people, columns.notes].map((each) => Number(each[i]?.toFixed(2))).join(", ")}],`,
  );
  const text = readFileSync(file, "utf8").replace(/(?<=const weights = \{\n)[^}]*/, `${rows.join("\n")}\n`);
  writeFileSync(file, text);
}
