// What comes in from files of other programs.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const parts = (name: string) => ({ file: host("import/open-source.test.ts"), name });
const documents = (name: string) => ({ file: host("import/documents.test.ts"), name });
const parsed = (name: string) => ({ file: host("sandbox/run-parser-limits.test.ts"), name });
const works = (what: string) => ({
  file: core("memory/import/calendar-expand.test.ts"),
  name: `${what} are work: a rule takes no more than its share, and pays for it`,
});
const living = (name: string) => system("living-vault", name);

export const importSabotages: readonly Sabotage[] = [
  {
    name: "import: files that nobody reads are not counted",
    file: host("import/open-source.ts"),
    find: "  for (const each of opened.ended) yield { each, read: 0 };\n",
    replace: "",
    test: parts(
      "H26 a folder of anything: each file is read by its kind, and the rest is named by kind and count, each file once",
    ),
  },
  {
    name: "import: a vault is known by its path alone",
    file: core("memory/import/vault.ts"),
    find: "(await sameNotes(db, vault, sources)) ?? vault.source",
    replace: "vault.source",
    test: living("H26 a vault that was moved, cloned or lies in another folder is the same vault"),
  },
  {
    name: "import: what a note says no longer is nobody's business",
    file: core("memory/import/followed.ts"),
    find: "    this.#leave(left);\n",
    replace: "",
    test: living(
      "H26 a note that moved and a heading that was renamed are followed, with their ids; what is gone is offered to be retired",
    ),
  },
  {
    name: "import: what was forgotten comes back from another place",
    file: core("memory/skills/import.ts"),
    find: "  if (!earlier && forgotten(each.content))",
    replace: "  if (!earlier && forgotten(externalId))",
    test: living("H26 what was forgotten stays so where its note moved"),
  },
  {
    name: "import: a file is known by its size alone",
    file: core("memory/import/known-files.ts"),
    find: "AND mtime_ms = ?",
    replace: "AND mtime_ms + 0 * ? >= 0",
    test: living("H26 a file of which nothing changed is not read again, until a memory of it goes"),
  },
  {
    name: "import: a document may be as large as it says",
    file: host("sandbox/parser/zip.ts"),
    find: "    if (size > sizeMax) throw",
    replace: "    if (size < 0) throw",
    test: documents("H26 a hostile document is refused by its name, and the import goes on"),
  },
  {
    name: "import: the title of a scan is what it says",
    file: host("import/documents.ts"),
    find: 'kind === "pdf" && document.blocks.length === 0',
    replace: "document.blocks.length < 0",
    test: documents(
      "H26 a PDF that has no text is passed over and one that cannot be read is refused, each with the reason",
    ),
  },
  {
    name: "import: a PDF's pages have no numbers",
    file: core("memory/import/document.ts"),
    find: "if (page !== at && page !== undefined) begin",
    replace: "if (page !== at && page === undefined) begin",
    test: documents("H26 a PDF is a memory a page, which says its page, whose it is and when it was written"),
  },
  {
    name: "parser: what it sends is believed",
    file: host("sandbox/run-parser.ts"),
    find: "return messageSchema.safeParse(JSON.parse(line)).data;",
    replace: "return messageSchema && JSON.parse(line);",
    test: parsed("H26 a parser that sends JSON that is no answer is heeded in nothing"),
  },
  {
    name: "parser: a file pays for a process that somebody killed",
    file: host("sandbox/run-parser.ts"),
    find: '"ended" in answer && this.#isNobodysFault(answer.ended)',
    replace: '"ended" in answer && !this.#isNobodysFault(answer.ended)',
    test: parsed("H26 one process reads many files; killed in the middle of one, that is read by another"),
  },
  {
    name: "parser: a file pays for what those before it used",
    file: host("sandbox/run-parser.ts"),
    find: "message.used.cpuMs > cpuMs * renewShare.cpu",
    replace: "message.used.cpuMs < 0 * cpuMs",
    test: parsed("H26 files that each use a good part of what one may are all read: none pays for those before it"),
  },
  {
    name: "parser: STOP leaves it running",
    file: host("sandbox/parser-job.ts"),
    find: "hasChannel: true, ...more",
    replace: "hasChannel: true, ...more, isOwners: true",
    test: parsed("H26 STOP and a cancellation end it in the middle of a file; what the owner imports goes on"),
  },
  {
    name: "parser: Node lets it look around",
    file: host("sandbox/parser-job.ts"),
    find: 'args: [...flags(["/mh/"]), entry]',
    replace: 'args: [...flags(["*"]), entry]',
    test: parsed("K15 a parser that was taken over reaches no file, no network and no process"),
  },
  {
    name: "import: a note that every vault begins with makes them one",
    file: core("memory/import/vault.ts"),
    find: "Math.max(sampled, notesOf(db, best[0]))",
    replace: "sampled",
    test: living("H26 a note that two vaults begin with makes no one vault of them"),
  },
  {
    name: "import: a series that goes on ends with the times of its first import",
    file: core("memory/skills/overtaken.ts"),
    find: "2 * kept.length <= next.length",
    replace: "2 * kept.length < 0",
    test: living("H26 a calendar imported again gives a series that goes on its next times, and is else the same"),
  },
  {
    name: "import: a rule may look at as many periods as it likes",
    file: core("memory/import/calendar-expand.ts"),
    find: "      if (reads > 1 + 2 * allowed) throw spent;\n",
    replace: "",
    test: works("periods without a time"),
  },
  {
    name: "import: a rule may have as many times in a period as it likes",
    file: core("memory/import/calendar-expand.ts"),
    find: "      if (seen > timesPerStep * allowed) throw spent;\n",
    replace: "",
    test: works("times within one period"),
  },
  {
    name: "import: what one rule takes is there for the others as well",
    file: core("memory/import/calendar-expand.ts"),
    find: "    steps.left -= Math.ceil(reads / 2 + seen / timesPerStep);\n",
    replace: "",
    test: works("periods without a time"),
  },
  {
    name: "search: a field has whatever value its memory names elsewhere",
    file: core("memory/search/fields.ts"),
    find: ".filter(has(name, value))",
    replace: ".filter(has(name))",
    test: {
      file: core("memory/search/fields.test.ts"),
      name: "H26 what a note says of itself is a field: author:ann",
    },
  },
];
