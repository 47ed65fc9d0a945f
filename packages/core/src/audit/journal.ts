import { journalArchive, journalCheckpoint } from "@mh/contract/audit.ts";
import { listSegments, type Segment } from "../journal/segments.ts";
import { defineAdmin } from "../kernel/skill.ts";
import { whenDone } from "../kernel/when-done.ts";
import { toHex, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Files, Gzip } from "../ports/files.ts";

/** Signs the journal as it stands; the checkpoint is the last record of the command's group. */
export function checkpointSkill() {
  return defineAdmin(journalCheckpoint, {
    stored: whenDone({ signed: true as const }),
    apply(_args, { tx }) {
      tx.sign();
      return { signed: true as const };
    },
  });
}

/** Compresses the days before a date. Nothing is deleted: an archive verifies like the lines it holds. */
export function archiveSkill(deps: { files: Files; gzip: Gzip; crypto: Crypto }) {
  return defineAdmin(journalArchive, {
    stored: "kept",
    apply({ before }, { tx, commandId, principal }) {
      const segments = listSegments(deps.files);
      const old = segments.slice(0, -1).filter((segment) => !segment.archived && segment.day < before);
      for (const segment of old) {
        const body = compress(deps, segment);
        tx.append({ phase: "archive", id: commandId, principal, body });
        tx.afterCommit(() => deps.files.remove(segment.path));
      }
      if (old.length > 0) tx.sign();
      return { archived: old.map((segment) => segment.path) };
    },
  });
}

function compress({ files, gzip, crypto }: { files: Files; gzip: Gzip; crypto: Crypto }, segment: Segment) {
  const bytes = files.read(segment.path) ?? utf8.encode("");
  const packed = gzip.compress(bytes);
  files.replace(`${segment.path}.gz`, packed);
  return { path: segment.path, sha256: toHex(crypto.sha256(bytes)), archiveSha256: toHex(crypto.sha256(packed)) };
}
