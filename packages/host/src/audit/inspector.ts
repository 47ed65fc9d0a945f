import type { Inspector } from "@mh/core/inspect/inspect.ts";
import { verifySteps } from "@mh/core/journal/verify.ts";
import { type JournalReaderDeps, readRecords, recordAt } from "@mh/core/journal/walk.ts";
import { fromBase64 } from "@mh/core/ports/bytes.ts";
import { checkHome } from "../home/check-home.ts";
import type { HomeFile } from "../home/home-file.ts";
import { explainCommand } from "./explain-command.ts";
import { readWitness } from "./witness.ts";

export interface InspectorParts {
  root: string;
  environment: Record<string, string | undefined>;
  home: HomeFile;
  keyFolder: string;
  reader: JournalReaderDeps;
  /** How many records are on disk for good. */
  size: () => number;
  status: Inspector["status"];
}

/** Looks at an open home from the inside of the process that holds it. */
export function inspectorOf(parts: InspectorParts): Inspector {
  const { root, environment, home, reader, size, status } = parts;
  const publicKey = fromBase64(home.checkpointKey);
  return {
    size,
    status,
    record: (seq) => (seq < size() ? recordAt(reader, seq) : undefined),
    *records(from, to) {
      if (from >= to) return;
      for (const { record } of readRecords(reader, from)) {
        if (record.seq >= to) return;
        if (record.seq >= from) yield record;
      }
    },
    async verify({ sinceCheckpoint, kept, signal }, progress) {
      const note = readWitness(parts.keyFolder);
      const witnesses = [
        ...(note ? [{ name: "the witness beside your keys", note }] : []),
        ...kept.map((each, n) => ({ name: `checkpoint ${n + 1} that you kept`, note: each })),
      ];
      const steps = verifySteps(reader, { publicKey, witnesses, sinceCheckpoint, keptIn: reader.files });
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) return step.value;
        signal.throwIfAborted();
        progress({ done: step.value, total: size(), unit: "records" });
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    explain: (which) => explainCommand(root, environment, which),
    async *check(signal) {
      for await (const finding of checkHome(root, environment)) {
        signal.throwIfAborted();
        yield finding;
      }
    },
  };
}
