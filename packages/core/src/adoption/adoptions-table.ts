import { once } from "@mh/contract/once.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { z } from "zod";
import type { TableSet } from "../kernel/tables.ts";
import { canonical } from "../model/canonical.ts";
import type { Database } from "../ports/database.ts";

const schema = `
CREATE TABLE adoptions (
  kind TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, manifest TEXT NOT NULL, files TEXT NOT NULL,
  object TEXT NOT NULL, words TEXT NOT NULL, state TEXT NOT NULL, since_ms INTEGER NOT NULL, from_seq INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) WITHOUT ROWID;`;

export type AdoptedKind = "agent" | "skill" | "mcp" | "rules" | "settings";

/** What the owner adopted, at which version. */
export interface AdoptionRow {
  kind: AdoptedKind;
  name: string;
  /** Of the version that is in force. */
  hash: string;
  /** What it declares, as the owner saw it: JSON. */
  manifest: string;
  /** SHA-256 of each of its files: JSON. */
  files: string;
  /** The object that keeps its text, or where it came from; empty where none is kept. */
  object: string;
  /** The object that keeps the text which the owner allowed: it alone counts as the owner's words. */
  words: string;
  state: "on" | "paused";
  /** Since when it is on: what was due before is not missed. */
  since_ms: number;
  /** Events from this place of the journal on are its business. */
  from_seq: number;
}

/** What an `adopt` record says of an agent, a package or a server; without a hash it is revoked. */
const namedSchema = once(() =>
  z.object({
    what: z.enum(["agent", "skill", "mcp"]),
    name: z.string(),
    hash: z.string().nullable(),
    manifest: z.record(z.string(), z.unknown()),
    files: z.record(z.string(), z.string()).default({}),
    object: z.string(),
    words: z.string().optional(),
    state: z.enum(["on", "paused"]).default("on"),
    fromSeq: z.number().int().default(0),
  }),
);
export type Adoption = z.input<ReturnType<typeof namedSchema>>;

const rulesSchema = once(() => z.object({ what: z.literal("policy"), policyHash: z.string(), object: z.string() }));
const settingsSchema = once(() => z.object({ what: z.literal("config"), values: z.record(z.string(), z.unknown()) }));

/** The rules and the settings are one thing each. */
export const rulesName = "persona/policy";
export const settingsName = "config.yaml";

/** Everything that the owner adopted, of every kind: folded from the `adopt` records, those of old homes included. */
export const adoptionTables: TableSet = {
  name: "adoptions",
  version: 2,
  schema,
  gives: { adoptions: "rights" },
  folds: { adopt: foldAdoption },
  objects: ["SELECT object FROM adoptions", "SELECT words FROM adoptions"],
};

function foldAdoption(db: Database, { principal, body }: Entry, now: number): void {
  const named = namedSchema().safeParse(body);
  if (named.success) return foldNamed(db, principal, named.data, now);
  const plain = { manifest: "{}", files: "{}", words: "", state: "on", since_ms: now, from_seq: 0 } as const;
  const rules = rulesSchema().safeParse(body);
  if (rules.success) {
    const { policyHash, object } = rules.data;
    return put(db, { ...plain, kind: "rules", name: rulesName, hash: policyHash, object });
  }
  const settings = settingsSchema().safeParse(body);
  if (!settings.success) return;
  const manifest = canonical(settings.data.values);
  put(db, { ...plain, kind: "settings", name: settingsName, hash: "", manifest, object: "" });
}

function foldNamed(db: Database, by: Principal, adoption: z.infer<ReturnType<typeof namedSchema>>, now: number): void {
  const { what: kind, name, hash, manifest, files, object, state, fromSeq } = adoption;
  if (hash === null) return void db.prepare("DELETE FROM adoptions WHERE kind = ? AND name = ?").run(kind, name);
  const known = kind === "agent" ? adoptionRow(db, kind, name) : undefined;
  // Records of before `words`: what the daemon took in, and what was paused and resumed, made no text the owner's words.
  const isAllowed = by !== "owner/daemon" && !(known?.hash === hash && known.state !== state);
  const words = adoption.words ?? (isAllowed ? object : (known?.words ?? object));
  const isOnSince = known?.state === "on" && state === "on";
  put(db, {
    ...{ kind, name, hash, object, words, state },
    // As the log writes it: a row is the same, whether the record is new or read again.
    manifest: canonical(manifest),
    files: canonical(files),
    since_ms: isOnSince ? known.since_ms : now,
    from_seq: isOnSince ? known.from_seq : fromSeq,
  });
}

function put(db: Database, row: AdoptionRow): void {
  const { kind, name, hash, manifest, files, object, words, state, since_ms, from_seq } = row;
  db.prepare("INSERT OR REPLACE INTO adoptions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
    ...[kind, name, hash, manifest, files, object, words, state, since_ms, from_seq],
  );
}

export function adoptionRow(db: Database, kind: AdoptedKind, name: string): AdoptionRow | undefined {
  return db.prepare("SELECT * FROM adoptions WHERE kind = ? AND name = ?").get(kind, name) as AdoptionRow | undefined;
}

/** By name. */
export const adoptionRows = (db: Database, kind: AdoptedKind): AdoptionRow[] =>
  db.prepare("SELECT * FROM adoptions WHERE kind = ? ORDER BY name").all(kind) as AdoptionRow[];
