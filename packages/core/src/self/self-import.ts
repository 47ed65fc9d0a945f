import { selfImport, selfPreview } from "@mh/contract/self.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { canonicalPath } from "../disk/outside-path.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import type { Gzip } from "../ports/files.ts";
import type { SettingsForm } from "../settings/settings-form.ts";
import type { OpenArchive, OpenedArchive } from "./archive.ts";
import { type CompareDeps, compare } from "./compare.ts";
import { type Compared, checkLog, decisionsIn } from "./compared.ts";
import { fingerprint } from "./manifest.ts";
import { Taking } from "./taking.ts";

export interface SelfImportDeps extends CompareDeps {
  open: OpenArchive;
  gzip: Gzip;
  form: SettingsForm;
  homeId: string;
  isAdopted: (kind: "agent" | "skill", name: string) => boolean;
  act: (command: Command) => Promise<Outcome>;
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
      const taking = new Taking({ act: deps.act, context, newer });
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

async function described(deps: SelfImportDeps, archive: OpenedArchive, compared: Compared, { now }: OutsideContext) {
  const { home, at, mh, counts, secrets } = archive.manifest;
  const { standings, differences } = compared;
  const read = (path: string) => deps.files.read(path);
  return {
    from: { home: home.id, at, mh, isThisHome: home.id === deps.homeId },
    key: fingerprint(deps.crypto, home.checkpointKey),
    ...{ counts, standings, differences, secrets },
    decisions: [...compared.stillHere(deps.reader), ...decisionsIn(archive, { ...deps, db: deps.reader, now, read })],
  };
}
