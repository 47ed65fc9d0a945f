import { type ChainHead, emptyHead } from "../journal/chain.ts";
import { rootOf } from "../journal/merkle.ts";
import type { StoredLine } from "../journal/segments.ts";
import { type Damage, type JournalReaderDeps, walk } from "../journal/walk.ts";
import type { OutsideContext } from "../kernel/skill.ts";
import { utf8 } from "../ports/bytes.ts";

const recordsPerTurn = 500;

interface Followed {
  records: number;
  root: string;
  /** Up to where it adds up. */
  end: { path: string; offset: number };
  damage: Damage | undefined;
}

/** Follows the chain of a log to its end or to the first thing wrong, letting everything else have its turn. */
export async function followChain(
  deps: JournalReaderDeps & { pause: () => Promise<void> },
  { signal, progress }: Pick<OutsideContext, "signal" | "progress">,
): Promise<Followed> {
  let head: ChainHead = emptyHead;
  let last: StoredLine | undefined;
  const steps = walk(deps, { head });
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    head = step.value.head;
    last = step.value.stored;
    if (head.size % recordsPerTurn !== 0) continue;
    await deps.pause();
    signal.throwIfAborted();
    progress({ done: head.size, total: null, unit: "records", note: "following the log" });
  }
  return { records: head.size, root: rootOf(deps.crypto, head.range), end: endOf(deps, last), damage: step.value };
}

function endOf({ files }: JournalReaderDeps, last: StoredLine | undefined): Followed["end"] {
  if (!last) return { path: "", offset: 0 };
  const { path, archived } = last.segment;
  // A compressed day grows no more.
  return {
    path,
    offset: archived ? (files.facts(path)?.size ?? 0) : last.offset + utf8.encode(last.text ?? "").length + 1,
  };
}
