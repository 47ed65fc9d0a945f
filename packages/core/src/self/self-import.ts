import type { InputOf, OutputOf } from "@mh/contract/contract.ts";
import { type SelfEnd, type SelfKind, selfImport, selfPreview, selfTake } from "@mh/contract/self.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { canonicalPath } from "../disk/outside-path.ts";
import type { DocumentKind } from "../documents/document.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { shortId } from "../model/short-id.ts";
import { toBase64 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Files, Gzip } from "../ports/files.ts";
import type { SettingsForm } from "../settings/settings-form.ts";
import type { OpenArchive, OpenedArchive } from "./archive.ts";
import { Compared, checkLog, decisionsIn, filesIn, memoriesIn } from "./compared.ts";
import { fingerprint } from "./manifest.ts";
import { type ArchivedFile, standingOfFile, standingOfMemory } from "./standing.ts";

export interface SelfImportDeps {
  open: OpenArchive;
  crypto: Crypto;
  gzip: Gzip;
  files: Files;
  kinds: readonly DocumentKind[];
  form: SettingsForm;
  /** Sees committed state only. */
  reader: Database;
  homeId: string;
  isAdopted: (kind: "agent" | "skill", name: string) => boolean;
  act: (command: Command) => Promise<Outcome>;
  /** Lets everything else have its turn. */
  pause: () => Promise<void>;
}

const touches = ({ path }: { path: string }) => ({
  ...{ effect: "admin" as const, risk: "medium" as const },
  scope: { paths: [canonicalPath(path)] },
});

/** Says what an archive would bring, what is here already, what differs, and what the owner would have to decide. */
export function previewSelfSkill(deps: SelfImportDeps) {
  return defineOutside(selfPreview, {
    // What is shown quotes what was read: it is not kept.
    stored: "once",
    classify: touches,
    async run({ path }, context) {
      using archive = await opened(deps, path, context);
      const log = await checkLog(archive, deps, context);
      return { ...(await described(deps, archive, await compare(deps, archive, context), context)), log };
    },
  });
}

/**
 * Takes in an archive that the named key signed, group by group as commands caused by this one, which are undone together.
 * A snapshot comes first. What is here is left as it is, so that twice is once, and one that was cut off is gone on with.
 */
export function importSelfSkill(deps: SelfImportDeps) {
  return defineOutside(selfImport, {
    stored: "kept",
    classify: touches,
    async run({ path, key, newer = false }, context) {
      using archive = await opened(deps, path, context);
      const signer = fingerprint(deps.crypto, archive.manifest.home.checkpointKey);
      if (signer !== key) {
        const message = `The archive was signed by the key ${signer}, not by ${key}. Nothing was taken in.`;
        throw new Fault("self.unreadable", `${message} \`mh self export\` printed the key of your own.`);
      }
      // Before anything is taken: a refusal means that nothing came.
      const log = await checkLog(archive, deps, context);
      const taking = new Taking({ deps, context, newer });
      const compared = await compare(deps, archive, context, (each) => taking.add(each));
      await taking.end();
      const { taken, snapshot, task } = taking;
      return { ...(await described(deps, archive, compared, context)), log, taken, snapshot, task };
    },
  });
}

async function opened(deps: SelfImportDeps, path: string, { progress }: OutsideContext): Promise<OpenedArchive> {
  return deps.open(canonicalPath(path), (done, total) => progress({ done, total, unit: "bytes", note: "checking" }));
}

type Item =
  | { kind: "memory"; end: SelfEnd; record: MemoryRecord }
  | { kind: SelfKind; end: SelfEnd; file: ArchivedFile & { byHand: boolean } };

/** Looks at one thing after the other, and hands each on with how it stood. */
async function compare(
  deps: SelfImportDeps,
  archive: OpenedArchive,
  { signal, progress }: OutsideContext,
  each?: (item: Item) => Promise<void>,
): Promise<Compared> {
  const compared = new Compared();
  const total = archive.manifest.counts.memory ?? null;
  let done = 0;
  for await (const record of memoriesIn(archive)) {
    const end = standingOfMemory(deps.reader, record);
    compared.note("memory", end, record.id, record.content);
    await each?.({ kind: "memory", end, record });
    done += 1;
    if (done % 200 !== 0) continue;
    await deps.pause();
    signal.throwIfAborted();
    progress({ done, total, unit: "memories" });
  }
  const here = { ...deps, db: deps.reader, read: (path: string) => deps.files.read(path) };
  for (const { kind, ...file } of filesIn(archive)) {
    await deps.pause();
    signal.throwIfAborted();
    const end = standingOfFile(here, file);
    compared.note(kind, end, file.path, "");
    await each?.({ kind, end, file });
  }
  return compared;
}

async function described(deps: SelfImportDeps, archive: OpenedArchive, compared: Compared, { now }: OutsideContext) {
  const { home, at, mh, counts, secrets } = archive.manifest;
  const { standings, differences } = compared;
  const read = (path: string) => deps.files.read(path);
  return {
    from: { home: home.id, at, mh, isThisHome: home.id === deps.homeId },
    key: fingerprint(deps.crypto, home.checkpointKey),
    ...{ counts, standings, differences, secrets },
    decisions: await decisionsIn(archive, { ...deps, db: deps.reader, now, read }),
  };
}

const groupItems = 500;
const groupChars = 2_000_000;

interface TakenBy {
  deps: SelfImportDeps;
  context: OutsideContext;
  /** Whether what was changed later there becomes a new revision here. */
  newer: boolean;
}

/** What is taken in, gathered into groups: one command each. */
class Taking {
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
    const chars = "record" in item ? item.record.content.length + 1_000 : item.file.bytes.length * 1.4 + 1_000;
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
      memories: group.flatMap((each) => ("record" in each ? [each.record] : [])),
      files: group.flatMap((each) => ("file" in each ? [{ ...sent(each.file) }] : [])),
      newer: this.#by.newer,
    };
    const taken = (await this.#act(selfTake.name, args)) as OutputOf<typeof selfTake>;
    const [memories, files] = [taken.memories.values(), taken.files.values()];
    for (const each of group) {
      // It may have come to be here since it was looked at.
      const end = ("record" in each ? memories : files).next().value;
      if (end !== undefined && this.#isWanted(end)) this.taken[each.kind] = (this.taken[each.kind] ?? 0) + 1;
    }
  }

  async #act(skill: string, args: unknown): Promise<unknown> {
    const { principal, commandId: cause } = this.#by.context;
    const outcome = await this.#by.deps.act({ principal, skill, args, cause, task: { id: this.task, words: "" } });
    if (outcome.status === "done") return outcome.value;
    const why =
      outcome.status === "failed" ? outcome.fault.message : "reason" in outcome ? outcome.reason : outcome.message;
    throw new Fault("import.refused", `A part of the archive was not taken in (${skill}): ${why} Run the same again.`);
  }
}

const sent = ({ path, bytes, changedAt, byHand }: ArchivedFile & { byHand: boolean }) => ({
  ...{ path, changedAt, byHand },
  data: toBase64(bytes),
});
