import type { Entry } from "@mh/contract/values/record.ts";
import { lineSum } from "@mh/core/journal/line-sum.ts";
import { hasUnsummed } from "@mh/core/kernel/written-lines.ts";
import { readMemoryFile } from "@mh/core/memory/read-lines.ts";
import { memoryFiles } from "@mh/core/memory/reload.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import type { Data } from "../open-data.ts";

/** What makes a home of one format one of the next: it changes files of the stage, and gives what the log says of it. */
export interface UpgradeStep {
  from: number;
  /** What it does, for a person. */
  what: string;
  run(stage: Data): Entry[];
}

/** One for each format that there was. What they leave says the same as before: that is checked. */
export const upgradeSteps: readonly UpgradeStep[] = [
  {
    from: 1,
    what: "lines that commands wrote before lines were summed are known by their words from here on",
    run: sumOldLines,
  },
];

const sumsPerRecord = 5000;

function sumOldLines({ db, reader, keys }: Data): Entry[] {
  if (!hasUnsummed(db)) return [];
  const { files, crypto } = reader;
  const known = db.prepare("SELECT 1 FROM commands WHERE id = ?");
  const sums = memoryFiles(files).flatMap((path) =>
    [...readMemoryFile({ files }, path)].flatMap((read) =>
      "line" in read && known.get(read.line.cmd) ? [lineSum(crypto, keys.lineKey, canonical(read.line))] : [],
    ),
  );
  const adopted = (body: Record<string, unknown>): Entry => ({
    ...{ phase: "adopt", id: crypto.id(), principal: "file" },
    body: { what: "lines", ...body },
  });
  const parts = Array.from({ length: Math.ceil(sums.length / sumsPerRecord) }, (_, n) =>
    adopted({ sums: sums.slice(n * sumsPerRecord, (n + 1) * sumsPerRecord) }),
  );
  return [...parts, adopted({ isWhole: true })];
}
