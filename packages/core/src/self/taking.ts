import type { InputOf, OutputOf } from "@mh/contract/contract.ts";
import { type SelfEnd, type SelfKind, selfTake } from "@mh/contract/self.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { OutsideContext } from "../kernel/skill.ts";
import { whyNotDone } from "../kernel/why-not-done.ts";
import { shortId } from "../model/short-id.ts";
import { toBase64 } from "../ports/bytes.ts";
import type { Item } from "./compare.ts";
import { charsOf } from "./histories.ts";
import type { ArchivedFile } from "./standing.ts";

const groupItems = 500;
const groupChars = 2_000_000;

interface TakenBy {
  act: (command: Command) => Promise<Outcome>;
  context: OutsideContext;
  /** Whether what was changed later there becomes a new revision here. */
  newer: boolean;
}

/** What is taken in, gathered into groups: one command each. */
export class Taking {
  readonly taken: Partial<Record<SelfKind, number>> = {};
  readonly task: string;
  snapshot: string | null = null;
  #group: Item[] = [];
  #chars = 0;
  readonly #by: TakenBy;

  constructor(by: TakenBy) {
    this.#by = by;
    this.task = by.context.task ?? by.context.commandId;
  }

  async add(item: Item): Promise<void> {
    if (!this.#isWanted(item.end)) return;
    const chars = charsIn(item);
    const isFull = this.#group.length >= groupItems || this.#chars + chars > groupChars;
    if (isFull && this.#group.length > 0 && !this.#isOfLastPackage(item)) await this.end();
    this.#group.push(item);
    this.#chars += chars;
  }

  #isWanted(end: SelfEnd): boolean {
    return end === "new" || (end === "newerThere" && this.#by.newer);
  }

  /** A package comes whole, in one commit. */
  #isOfLastPackage(item: Item): boolean {
    const packageOf = (each: Item | undefined) =>
      each && "file" in each && each.kind === "skill" ? each.file.path.split("/")[2] : undefined;
    return packageOf(item) !== undefined && packageOf(item) === packageOf(this.#group.at(-1));
  }

  /** Takes in what was gathered since. */
  async end(): Promise<void> {
    const group = this.#group;
    if (group.length === 0) return;
    this.#group = [];
    this.#chars = 0;
    this.snapshot ??= (
      (await this.#act("snapshot.create", {
        name: `before-self-import-${shortId(this.#by.context.commandId)}`,
      })) as OutputOf<typeof import("@mh/contract/history.ts").snapshotCreate>
    ).name;
    const args: InputOf<typeof selfTake> = {
      forgotten: group.flatMap((each) => ("forgotten" in each ? [each.forgotten] : [])),
      memories: group.flatMap((each) => ("history" in each ? [each.history] : [])),
      files: group.flatMap((each) => ("file" in each ? [sent(each.file)] : [])),
      newer: this.#by.newer,
    };
    const taken = (await this.#act(selfTake.name, args)) as OutputOf<typeof selfTake>;
    const ends = { forgotten: taken.forgotten.values(), history: taken.memories.values(), file: taken.files.values() };
    for (const each of group) {
      // It may have come to be here since it was looked at.
      const end = ends["forgotten" in each ? "forgotten" : "history" in each ? "history" : "file"].next().value;
      const isMemory = !("history" in each) || each.history.last.op === "put";
      if (isMemory && end !== undefined && this.#isWanted(end)) this.#count(each.kind, 1);
    }
    this.#count("revision", taken.revisions);
  }

  #count(kind: SelfKind, n: number): void {
    if (n > 0) this.taken[kind] = (this.taken[kind] ?? 0) + n;
  }

  async #act(skill: string, args: unknown): Promise<unknown> {
    const { principal, commandId: cause } = this.#by.context;
    const outcome = await this.#by.act({ principal, skill, args, cause, task: { id: this.task, words: "" } });
    if (outcome.status === "done") return outcome.value;
    const why = whyNotDone(outcome);
    throw new Fault("import.refused", `A part of the archive was not taken in (${skill}): ${why} Run the same again.`);
  }
}

const sent = ({ path, bytes, changedAt, byHand }: ArchivedFile & { byHand: boolean }) => ({
  ...{ path, changedAt, byHand },
  data: toBase64(bytes),
});

function charsIn(item: Item): number {
  if ("history" in item) return charsOf(item.history);
  return 1_000 + ("file" in item ? item.file.bytes.length * 1.4 : 0);
}
