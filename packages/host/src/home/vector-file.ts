import * as fs from "node:fs";
import * as path from "node:path";
import type { VectorFile } from "@mh/core/memory/vectors/vectors.ts";
import { isDamage } from "@mh/core/ports/database.ts";
import { openProjection } from "../adapters/sqlite.ts";

/** The vectors of a home: a cache beside its index. */
export function vectorFile(root: string, key?: Uint8Array): VectorFile {
  const file = path.join(root, "memory", "index", "vectors.db");
  return {
    isThere: () => fs.existsSync(file),
    open() {
      const db = openProjection(file, { key });
      fs.chmodSync(file, 0o600);
      return db;
    },
    remove() {
      for (const ending of ["", "-wal", "-shm"]) fs.rmSync(file + ending, { force: true });
    },
    isDamaged: isDamage,
  };
}
