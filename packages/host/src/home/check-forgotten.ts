import { readMemoryFile } from "@mh/core/memory/read-lines.ts";
import { memoryFiles } from "@mh/core/memory/reload.ts";
import { lookForTraces } from "@mh/core/memory/traces/find-traces.ts";
import { shortId } from "@mh/core/model/short-id.ts";
import { journalReader } from "../audit/journal-reader.ts";
import { keyFolder } from "../places.ts";
import type { Finding } from "./check-home.ts";
import { readHome } from "./home-file.ts";
import { loadKeys } from "./keys.ts";

const shownMax = 20;

/** Looks through the home, once for all, for words of everything that was ever forgotten. */
export function checkForgotten(root: string, environment: Record<string, string | undefined>): Omit<Finding, "what">[] {
  const { files, gzip, crypto, sealer } = journalReader(root, environment);
  const { hmacKey } = loadKeys(keyFolder(readHome(files, root).id, environment));
  const forgotten = memoryFiles(files)
    .flatMap((path) => [...readMemoryFile({ files }, path)])
    .flatMap((read) => ("line" in read && read.line.op === "tombstone" ? [read.line] : []));
  const marked = forgotten.flatMap(({ id, marks }) => (marks && marks.length > 0 ? [{ id, marks }] : []));
  const steps = lookForTraces({ files, gzip, crypto, hmacKey, sealer }, marked);
  let step = steps.next();
  while (!step.done) step = steps.next();
  const { traces, unread, files: count } = step.value;
  const left = traces.slice(0, shownMax).map(({ id, path, line, kind }) => ({
    level: "warn" as const,
    message: `words of ${shortId(id)} are left in ${path}${line === null ? "" : `, line ${line}`} (${kind})`,
    next: `mh memory forget ${shortId(id)} --check says what to do.`,
  }));
  const notRead = unread.map((path) => ({ level: "warn" as const, message: `${path} could not be read` }));
  if (left.length + notRead.length > 0) return [...left, ...notRead];
  const untold = forgotten.length - marked.length;
  const but = untold > 0 ? `; of ${untold} more nothing is known to look for` : "";
  return [{ level: "ok", message: `nothing is left of ${marked.length} in ${count} files${but}` }];
}
