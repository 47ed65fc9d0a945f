import Sqlite from "better-sqlite3";

/** What each index has of its own: numbers that it gives, when it last looked, what nobody folds; and records, of which a rebuild writes some. */
const ownTables =
  /^(?:sqlite_|memory_text|text_changes$|text_feed$|import_files$|data_files$|counted_lines$|line_names$|lines$|meta$|record_places$|vectors?_)/;

/** Every row of an index in words that do not depend on the numbers it gave: an index made anew has the same. */
export function indexRows(file: string, key?: Uint8Array): Record<string, string[]> {
  const db = new Sqlite(file, { readonly: true });
  try {
    if (key) db.pragma("cipher = 'chacha20'");
    if (key) db.pragma(`key = 'raw:${Buffer.from(key).toString("hex")}'`);
    const names = db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .pluck()
      .all() as string[];
    const ids = new Map(db.prepare("SELECT rowid, id FROM memories").raw().all() as [number, string][]);
    const tables = [...names.filter((name) => !ownTables.test(name)), "revisions"];
    const rows = tables.map((table) => {
      const all = db.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[];
      return [table, all.map((row) => JSON.stringify(withIds(row, ids))).sort()] as const;
    });
    db.exec("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, memory_text, instance)");
    const words = db.prepare("SELECT term, doc, offset FROM words").raw().all() as [string, number, number][];
    const said = words.map(([term, doc, offset]) => `${term} ${ids.get(doc) ?? `nobody's ${doc}`} ${offset}`);
    return { ...Object.fromEntries(rows), words: said.sort() };
  } finally {
    db.close();
  }
}

function withIds({ rowid: _, memory, ...row }: Record<string, unknown>, ids: ReadonlyMap<number, string>) {
  return memory === undefined ? row : { ...row, memory: ids.get(memory as number) ?? memory };
}
