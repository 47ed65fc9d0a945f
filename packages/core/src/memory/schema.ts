import { idEnd } from "../model/short-id.ts";

/** How stored text and questions become words: the two must agree. */
export const memoryTokenizer = "porter unicode61 remove_diacritics 2";

/**
 * Tables of the memory projection, a cache that may be deleted: the memory files are the truth.
 * `at_ms` and the like are milliseconds since the epoch, UTC. `record` is the live revision as canonical JSON.
 * What a memory says stands once, in `record`: `content` and `cmd` are read from it, and `memory_text` holds words
 * and where they are, no text. What `searchText` makes of a text must therefore not change without the tables' version.
 * `revisions` says which line stands in which file; `lines` holds it with a number for each file and command.
 * `text_pending` holds the memories that `memory_text` does not know yet as they are, and what it knows of them instead;
 * `indexTexts` empties it before each commit.
 * Within a session, row numbers follow the order of recording, so neighbours in it are neighbours in `rowid`. Ids
 * (UUIDv7) follow the order of recording everywhere.
 * `fact_revisions` holds what was on record at any time: each revision of each fact, and where it was taken out a row without
 * a record.
 * `import_files` says which files were read whole as they are, so that the next import need not read them again; it
 * is told by imports alone, empty in an index that is made anew, and forgets the files of a source of which a memory goes.
 * `documents` keeps the last good text of each Markdown file, for when it is broken or deleted by hand.
 * `data_files` says how each file looked when it was last written or read; by \`name\` the journal calls it.
 * `people`, `memory_total` and `counted_lines` hold what would otherwise be counted anew at each command; triggers keep
 * them, so that no way of writing a row can forget to, and `text_changes`, from which vectors are made and dropped. Only what
 * a new memory adds to them and to `text_pending` is written by `putMemory`, which is the one way to add a memory;
 * `text_feed` names this index, for one that is made anew counts them anew. `people.name` is the spelling of the first row that has it.
 */
export const memorySchema = `
CREATE TABLE memories (
  rowid INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  session TEXT,
  speaker TEXT,
  source TEXT NOT NULL,
  external_id TEXT,
  file TEXT NOT NULL,
  text_key TEXT NOT NULL,
  record TEXT NOT NULL,
  check_sum TEXT NOT NULL,
  by_hand INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  content TEXT NOT NULL AS (record ->> 'content'),
  cmd TEXT NOT NULL AS (record ->> 'cmd')
);
CREATE INDEX memories_archived ON memories (id) WHERE archived = 1;
CREATE INDEX memories_by_hand ON memories (id) WHERE by_hand = 1;
CREATE TABLE line_names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE lines (
  id TEXT NOT NULL, rev INTEGER NOT NULL, file INTEGER NOT NULL, cmd INTEGER NOT NULL, missing INTEGER NOT NULL DEFAULT 0,
  UNIQUE (id, rev)
);
CREATE INDEX lines_cmd ON lines (cmd);
CREATE INDEX lines_file ON lines (file);
CREATE INDEX lines_missing ON lines (id, rev) WHERE missing = 1;
CREATE VIEW revisions AS SELECT l.id, l.rev, f.name AS file, c.name AS cmd, l.missing
  FROM lines l JOIN line_names f ON f.number = l.file JOIN line_names c ON c.number = l.cmd;
CREATE TABLE retractions (
  id TEXT PRIMARY KEY, rev INTEGER NOT NULL, why TEXT NOT NULL, into_id TEXT, source TEXT, external_id TEXT,
  line TEXT NOT NULL, file TEXT NOT NULL
);
CREATE INDEX retractions_external ON retractions (source, external_id) WHERE external_id IS NOT NULL;
CREATE TABLE facts (
  memory INTEGER PRIMARY KEY REFERENCES memories (rowid) ON DELETE CASCADE,
  subject_key TEXT NOT NULL, predicate TEXT NOT NULL, object_key TEXT NOT NULL, status TEXT NOT NULL,
  valid_from TEXT, valid_to TEXT
);
CREATE INDEX facts_subject ON facts (subject_key, predicate);
CREATE INDEX facts_object ON facts (object_key);
CREATE TABLE fact_revisions (
  id TEXT NOT NULL, rev INTEGER NOT NULL, recorded_ms INTEGER NOT NULL, subject_key TEXT, object_key TEXT, record TEXT,
  PRIMARY KEY (id, rev)
) WITHOUT ROWID;
CREATE INDEX fact_revisions_subject ON fact_revisions (subject_key);
CREATE INDEX fact_revisions_object ON fact_revisions (object_key);
CREATE TRIGGER fact_revision_dropped AFTER DELETE ON lines BEGIN
  DELETE FROM fact_revisions WHERE id = old.id AND rev = old.rev;
END;
CREATE INDEX memories_external ON memories (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX memories_session ON memories (session, rowid) WHERE session IS NOT NULL;
CREATE INDEX memories_speaker ON memories (speaker COLLATE NOCASE);
CREATE INDEX memories_text ON memories (text_key, at_ms);
CREATE INDEX memories_end ON memories (${idEnd("id")});
CREATE INDEX memories_at ON memories (at_ms, id);
CREATE INDEX memories_kind ON memories (kind, id);
CREATE INDEX memories_kind_at ON memories (kind, at_ms, id, archived);
CREATE INDEX memories_document ON memories (file) WHERE kind IN ('procedural', 'preference');
CREATE TABLE tombstones (id TEXT PRIMARY KEY, source TEXT NOT NULL, external_id TEXT, cmd TEXT NOT NULL,
  line TEXT NOT NULL, file TEXT NOT NULL, content_hmac TEXT NOT NULL AS (line ->> 'contentHmac'));
CREATE INDEX tombstones_imported ON tombstones (content_hmac) WHERE external_id IS NOT NULL;
CREATE INDEX tombstones_cmd ON tombstones (cmd);
CREATE INDEX tombstones_external ON tombstones (source, external_id);
CREATE TABLE entities (
  memory INTEGER NOT NULL REFERENCES memories (rowid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL
);
CREATE INDEX entities_key ON entities (key, kind);
CREATE INDEX entities_memory ON entities (memory);
CREATE TABLE people (key TEXT PRIMARY KEY, name TEXT NOT NULL, mentions INTEGER) WITHOUT ROWID;
CREATE INDEX people_mentions ON people (mentions DESC, key, name);
CREATE TRIGGER people_mentioned AFTER INSERT ON entities WHEN new.kind = 'person' BEGIN
  INSERT INTO people VALUES (new.key, new.name, 1) ON CONFLICT (key) DO UPDATE SET mentions = mentions + 1;
END;
CREATE TRIGGER people_dropped AFTER DELETE ON entities WHEN old.kind = 'person' BEGIN
  DELETE FROM people WHERE key = old.key AND mentions = 1;
  UPDATE people SET mentions = mentions - 1, name = (
    SELECT name FROM entities INDEXED BY entities_key WHERE key = old.key AND kind = 'person' ORDER BY rowid LIMIT 1
  ) WHERE key = old.key;
END;
CREATE TABLE memory_total (memories INTEGER NOT NULL);
INSERT INTO memory_total VALUES (0);
CREATE TRIGGER memory_dropped AFTER DELETE ON memories BEGIN UPDATE memory_total SET memories = memories - 1; END;
CREATE TABLE counted_lines (number INTEGER NOT NULL, cmd TEXT NOT NULL);
CREATE TRIGGER line_dropped AFTER DELETE ON lines BEGIN
  DELETE FROM counted_lines;
  DELETE FROM line_names WHERE number = old.file AND NOT EXISTS (SELECT 1 FROM lines WHERE file = old.file);
END;
CREATE TRIGGER line_moved AFTER UPDATE OF file ON lines WHEN new.file <> old.file BEGIN
  DELETE FROM line_names WHERE number = old.file AND NOT EXISTS (SELECT 1 FROM lines WHERE file = old.file);
END;
CREATE TRIGGER tombstone_added AFTER INSERT ON tombstones BEGIN DELETE FROM counted_lines; END;
CREATE TRIGGER line_claimed AFTER UPDATE OF cmd ON lines WHEN new.cmd <> old.cmd BEGIN DELETE FROM counted_lines; END;
CREATE TABLE links (memory INTEGER NOT NULL REFERENCES memories (rowid) ON DELETE CASCADE, target TEXT NOT NULL);
CREATE INDEX links_target ON links (target);
CREATE INDEX links_memory ON links (memory);
CREATE TABLE event_times (
  memory INTEGER NOT NULL REFERENCES memories (rowid) ON DELETE CASCADE,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL
);
CREATE INDEX event_times_span ON event_times (from_ms, to_ms);
CREATE INDEX event_times_memory ON event_times (memory);
CREATE VIRTUAL TABLE memory_text USING fts5 (
  search_text, content = '', tokenize = '${memoryTokenizer}'
);
CREATE VIRTUAL TABLE memory_terms USING fts5vocab (memory_text, 'row');
CREATE TABLE text_pending (memory INTEGER PRIMARY KEY, was TEXT);
CREATE TRIGGER text_revised AFTER UPDATE OF record ON memories WHEN new.content <> old.content BEGIN
  INSERT INTO text_pending VALUES (old.rowid, old.content) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER text_dropped AFTER DELETE ON memories BEGIN
  INSERT INTO text_pending VALUES (old.rowid, old.content) ON CONFLICT DO NOTHING;
END;
INSERT INTO memory_text (memory_text, rank) VALUES ('secure-delete', 1);
CREATE TABLE documents (path TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE missing_documents (file TEXT PRIMARY KEY, path TEXT NOT NULL);
CREATE TABLE text_feed (id TEXT NOT NULL);
INSERT INTO text_feed VALUES (lower(hex(randomblob(16))));
CREATE TABLE text_changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, memory INTEGER, gone TEXT);
CREATE TRIGGER text_changed AFTER UPDATE ON memories WHEN new.text_key <> old.text_key OR new.kind <> old.kind BEGIN
  INSERT INTO text_changes (memory) VALUES (new.rowid);
END;
CREATE TRIGGER text_gone AFTER DELETE ON memories BEGIN INSERT INTO text_changes (gone) VALUES (old.id); END;
CREATE TABLE import_files (
  path TEXT NOT NULL, source TEXT NOT NULL, size INTEGER NOT NULL, mtime_ms REAL NOT NULL, read_as TEXT NOT NULL,
  memories INTEGER NOT NULL, PRIMARY KEY (path, source)
) WITHOUT ROWID;
CREATE INDEX import_files_source ON import_files (source);
CREATE TRIGGER import_source_changed AFTER DELETE ON memories WHEN old.external_id IS NOT NULL BEGIN
  DELETE FROM import_files WHERE path IN (SELECT path FROM import_files WHERE source = old.source);
END;
CREATE TABLE data_files (
  path TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, mtime_ms REAL NOT NULL, ctime_ms REAL NOT NULL,
  inode INTEGER NOT NULL
);
CREATE INDEX data_files_name ON data_files (name);
`;
