import { Buffer } from "node:buffer";
import { Fault } from "@mh/contract/values/fault.ts";
import type { HeldDatabase } from "@mh/core/observe/database-at.ts";
import type { Observed, Taken } from "@mh/core/observe/events.ts";
import Sqlite from "better-sqlite3";
import { withWal } from "./sqlite-wal.ts";

/** So many visits, the latest. */
const visitsMax = 100_000;

/** Chromium counts microseconds since 1601, Firefox since 1970. */
const kinds = [
  {
    tables: ["visits", "urls"],
    sql: "SELECT u.url AS url, v.visit_time / 1000 - 11644473600000 AS ms FROM visits v JOIN urls u ON u.id = v.url ORDER BY v.id DESC LIMIT ?",
  },
  {
    tables: ["moz_historyvisits", "moz_places"],
    sql: "SELECT p.url AS url, v.visit_date / 1000 AS ms FROM moz_historyvisits v JOIN moz_places p ON p.id = v.place_id ORDER BY v.id DESC LIMIT ?",
  },
] as const;

/** The sites of a browser's history and when they were visited: no address beyond the host, no title. The file is read from memory. */
export function visitsIn({ bytes, wal }: HeldDatabase): Taken {
  let db: Sqlite.Database | undefined;
  try {
    db = new Sqlite(Buffer.from(withWal(bytes, wal)), { readonly: true });
    db.pragma("trusted_schema = OFF");
    db.pragma("cell_size_check = ON");
    const kind = kinds.find(({ tables }) => tables.every((name) => isTable(db as Sqlite.Database, name)));
    if (!kind) throw new Fault("observe.unreadable", "It is no history of Chromium or Firefox.");
    const rows = db.prepare(kind.sql).all(visitsMax) as { url: unknown; ms: unknown }[];
    const events = rows.flatMap(({ url, ms }): Observed[] => {
      const host = hostOf(url);
      return host === undefined || typeof ms !== "number" ? [] : [{ ms, what: host }];
    });
    return {
      events,
      left: [
        { why: "addresses beyond the name of the site, and titles", count: events.length },
        { why: "what is no web address", count: rows.length - events.length },
      ],
    };
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault("observe.unreadable", "It cannot be read as a browser's history.", { cause });
  } finally {
    db?.close();
  }
}

/** A view could be anything. */
const isTable = (db: Sqlite.Database, name: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;

function hostOf(url: unknown): string | undefined {
  if (typeof url !== "string" || !/^https?:/i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/^www\./, "");
}
