import { type SelfKind, selfExport } from "@mh/contract/self.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { canonicalPath } from "../disk/outside-path.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Gzip } from "../ports/files.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { ArchiveWriter, WriteArchive } from "./archive.ts";
import { type Belonging, type BelongingsDeps, belongings, logFiles } from "./belongings.ts";
import { followChain } from "./follow-chain.ts";
import { archiveFormat, fingerprint, type Manifest, manifestName, signManifest } from "./manifest.ts";

export interface SelfExportDeps extends BelongingsDeps {
  gzip: Gzip;
  write: WriteArchive;
  home: Manifest["home"];
  mh: string;
  sign: (message: Uint8Array) => Uint8Array;
  /** Learns the values that must not get into an archive, and gives their names. Throws where it cannot. */
  secretNames: () => Promise<Awaited<ReturnType<Secrets["names"]>>>;
  /** Lets everything else have its turn. */
  pause: () => Promise<void>;
}

/**
 * Writes everything that is the owner's into one new archive, signed by the home's key. The log goes with it up to where its
 * chain was followed just before.
 */
export function exportSelfSkill(deps: SelfExportDeps) {
  return defineOutside(selfExport, {
    stored: "kept",
    classify: ({ path }) => ({ effect: "admin", risk: "high", scope: { paths: [canonicalPath(path)] } }),
    async run(args, context) {
      const path = canonicalPath(args.path);
      if (!path.endsWith(".zip")) throw new Fault("args.invalid", "An archive of yours is a file ending in .zip.");
      const secrets = await deps.secretNames();
      using archive = await deps.write(path);
      const packed = new Packed(archive);
      const log = await followLog(deps, context);
      for (const each of belongings(deps, context.now)) await packed.add(each, each.kind, paced(each, deps, context));
      for (const each of logFiles(deps.files, log.end))
        await packed.add({ ...each, kind: "record" }, "record", paced(each, deps, context));
      const { counts, entries, redacted } = packed;
      counts.record = log.records;
      const at = new Date(context.now).toISOString();
      const { home, mh } = deps;
      const manifest: Manifest = {
        ...{ format: archiveFormat, mh, at, home, counts, entries, secrets, redacted },
        log: { records: log.records, root: log.root },
      };
      await archive.add(manifestName, [utf8.encode(signManifest(deps.sign, manifest))]);
      const bytes = await archive.finish();
      const key = fingerprint(deps.crypto, home.checkpointKey);
      return { path, bytes, key, counts, redacted, secrets };
    },
  });
}

class Packed {
  readonly counts: Partial<Record<SelfKind, number>> = {};
  readonly entries: Manifest["entries"] = [];
  readonly redacted: string[] = [];
  readonly #archive: ArchiveWriter;

  constructor(archive: ArchiveWriter) {
    this.#archive = archive;
  }

  async add(each: Belonging, kind: SelfKind, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const { path, changedAt, byHand } = each;
    const written = await this.#archive.add(path, chunks);
    this.entries.push({ path, kind, ...written, ...(changedAt && { changedAt }), ...(byHand && { byHand }) });
    this.counts[kind] = (this.counts[kind] ?? 0) + each.count();
    if (each.isRedacted()) this.redacted.push(path);
  }
}

async function* paced(
  { path, chunks }: Pick<Belonging, "path" | "chunks">,
  { pause }: Pick<SelfExportDeps, "pause">,
  { signal, progress }: OutsideContext,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for (const chunk of chunks) {
    await pause();
    signal.throwIfAborted();
    yield chunk;
    done += chunk.length;
    progress({ done, total: null, unit: "bytes", note: path });
  }
}

/** Throws `journal.damaged`: what does not add up here would be refused elsewhere. */
async function followLog(deps: SelfExportDeps, context: OutsideContext) {
  const log = await followChain(deps, context);
  // A record that is being written just now is no damage: the log goes up to the one before.
  if (log.damage && log.damage.kind !== "torn")
    throw new Fault("journal.damaged", `The log does not add up at record ${log.damage.seq}. \`mh audit verify\``);
  return log;
}
