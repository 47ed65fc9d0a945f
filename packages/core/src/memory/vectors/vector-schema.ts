/**
 * The store of vectors: a cache beside the index, in a file of its own, because what it holds is dear to make anew and the
 * index is not. A space is what one model makes of texts; vectors of two are never compared. `centre` is the mean of the
 * question bank, taken from each vector before it is kept, and `probe` the bank's first question: a model that gives
 * another vector for it is another model under the same name. `feed` and `seq` are up to where the changes of the index
 * were read, `whole` whether there was nothing left to read once. `text_key` says which text a vector is of.
 */
export const vectorSchema = `
CREATE TABLE spaces (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  model TEXT NOT NULL UNIQUE,
  dimension INTEGER NOT NULL,
  centre BLOB NOT NULL,
  probe BLOB NOT NULL,
  check_sum TEXT NOT NULL,
  feed TEXT NOT NULL DEFAULT '',
  seq INTEGER NOT NULL DEFAULT 0,
  whole INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE vectors (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  space INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  memory TEXT NOT NULL,
  text_key TEXT NOT NULL,
  scale REAL NOT NULL,
  int8 BLOB NOT NULL,
  check_sum INTEGER NOT NULL,
  UNIQUE (space, memory)
);
CREATE INDEX vectors_memory ON vectors (memory);
CREATE TABLE refused (
  space INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  memory TEXT NOT NULL, text_key TEXT NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (space, memory)
) WITHOUT ROWID;
CREATE INDEX refused_memory ON refused (memory);
PRAGMA user_version = 1;
`;

export const vectorVersion = 1;
