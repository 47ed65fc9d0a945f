// A feature of somebody else's, as it stands in a repository of theirs: quotes, one Markdown file each.
import { defineContract, Fault } from "@mh/contract";
import {
  type Database,
  type DocumentKind,
  defineFeature,
  defineOwn,
  defineQuery,
  defineSettings,
  type FeatureParts,
  freePath,
  makeMarkdown,
  readMarkdown,
  type TableSet,
  writeDocument,
} from "@mh/core/feature";
import { z } from "zod";

const folder = "quotes";
const dayMs = 24 * 60 * 60 * 1000;

const quoteSettings = defineSettings(
  "quotes",
  z.looseObject({ keep: z.number().int().positive().default(100).describe("How many are kept") }).prefault({}),
);

const said = {
  text: z.string().min(1).max(1000).describe("The quote"),
  by: z.string().min(1).max(100).describe("Who said it"),
  year: z.number().int().describe("When"),
};

export const quoteAdd = defineContract({
  name: "quote.add",
  kind: "own",
  title: "Keep a quote",
  input: () => z.strictObject(said),
  output: () => z.strictObject({ path: z.string().describe("Its file in the home") }),
  examples: [{ title: "One of Ada's", args: { text: "It weaves algebraic patterns.", by: "Ada", year: 1843 } }],
  event: "quote.added",
});

export const quoteRandom = defineContract({
  name: "quote.random",
  kind: "query",
  title: "Give one of the quotes of somebody",
  input: () => z.strictObject({ by: z.string().describe("Who said it") }),
  output: () => z.strictObject({ ...said, of: z.number().int().describe("How many there are of them") }),
  examples: [{ title: "One of Ada's", args: { by: "Ada" } }],
});

const quoteTrim = defineContract({
  name: "quote.trim",
  kind: "own",
  title: "Remove the oldest quotes beyond those that the settings keep",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ removed: z.number().int().describe("How many") }),
  examples: [{ title: "Whatever is too many", args: {} }],
  event: "quote.trimmed",
});

const front = z.object({ by: z.string(), year: z.number().int() });

const quoteTable: TableSet = {
  name: "quotes",
  version: 1,
  schema: "CREATE TABLE quotes (path TEXT PRIMARY KEY, text TEXT NOT NULL, by TEXT NOT NULL, year INTEGER NOT NULL);",
  gives: { quotes: "nothing" },
  folds: {},
};

const quoteFiles: DocumentKind = {
  where: folder,
  owns: (path) => path.startsWith(`${folder}/`) && path.endsWith(".md"),
  check: (path, text) => void readMarkdown(path, text, front),
  project(db, path, text) {
    const { front: facts, body } = readMarkdown(path, text, front);
    db.prepare("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?, ?)").run(path, body, facts.by, facts.year);
  },
  drop: (db, path) => void db.prepare("DELETE FROM quotes WHERE path = ?").run(path),
};

interface Row {
  text: string;
  by: string;
  year: number;
}

function addSkill({ kinds }: FeatureParts) {
  return defineOwn(quoteAdd, {
    stored: "kept",
    apply({ text, by, year }, { tx, commandId }) {
      const path = freePath(tx, folder, `${by.toLowerCase()}-${year}`, commandId);
      writeDocument(tx, kinds, commandId, path, makeMarkdown(path, { by, year }, text));
      return { path };
    },
  });
}

function randomSkill({ crypto }: FeatureParts) {
  return defineQuery(quoteRandom, {
    run({ by }, { db }) {
      const rows = db.prepare("SELECT text, by, year FROM quotes WHERE by = ? ORDER BY path").all(by) as Row[];
      const [number = 0] = crypto.random(1);
      const row = rows[number % rows.length];
      if (!row) throw new Fault("memory.not-found", `Nothing is known of ${by}.`);
      return { ...row, of: rows.length };
    },
  });
}

function trimSkill({ kinds }: FeatureParts) {
  return defineOwn(quoteTrim, {
    stored: "kept",
    apply(_args, { tx, config, commandId }) {
      const tooMany = excess(tx.db, quoteSettings.of(config).keep);
      for (const path of tooMany) writeDocument(tx, kinds, commandId, path, undefined);
      return { removed: tooMany.length };
    },
  });
}

function excess(db: Database, keep: number): string[] {
  const rows = db.prepare("SELECT path FROM quotes ORDER BY year DESC LIMIT -1 OFFSET ?").all(keep);
  return (rows as { path: string }[]).map(({ path }) => path);
}

export const quotes = defineFeature({
  name: "quotes",
  tables: [quoteTable],
  settings: [quoteSettings],
  documents: () => [quoteFiles],
  install: (parts) => ({
    skills: [addSkill(parts), randomSkill(parts), trimSkill(parts)],
    maintenance: [
      {
        skill: quoteTrim.name,
        everyMs: dayMs,
        isDue: () => excess(parts.reader, quoteSettings.of(parts.config()).keep).length > 0,
      },
    ],
  }),
});
