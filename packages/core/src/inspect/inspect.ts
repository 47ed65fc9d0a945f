import { type OutputOf, onlyReads } from "@mh/contract/contract.ts";
import {
  auditProof,
  auditShow,
  auditTail,
  auditVerify,
  commandExplain,
  configSchema,
  homeCheck,
  homeStatus,
  logSearch,
} from "@mh/contract/inspect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import type { FeatureParts } from "../feature.ts";
import type { VerifyReport } from "../journal/verify.ts";
import type { Explanation } from "../kernel/explain.ts";
import { skillName } from "../kernel/registry.ts";
import { defineQuery } from "../kernel/skill.ts";
import { meta } from "../kernel/state.ts";
import { fromBase64, toHex } from "../ports/bytes.ts";
import type { SettingsForm } from "../settings/settings-form.ts";
import { pageBefore, searchBefore } from "./log-pages.ts";

/** How the log and the home are looked at, as files: nothing is repaired on the way. */
export interface Inspector {
  /** Records [from, to), in order. */
  records(from: number, to: number): Iterable<JournalRecord>;
  /** How many records there are. */
  size(): number;
  record(seq: number): JournalRecord | undefined;
  verify(
    options: { sinceCheckpoint: boolean; kept: readonly string[]; signal: AbortSignal },
    progress: (update: ProgressUpdate) => void,
  ): Promise<VerifyReport>;
  explain(which: string): Explanation | undefined;
  /** Every part of the home, one after the other. */
  check(signal: AbortSignal): AsyncIterable<OutputOf<typeof homeCheck>["findings"][number]>;
  status(): Omit<OutputOf<typeof homeStatus>, "at" | "owner" | "checked">;
}

type Deps = { inspector: Inspector };

export function tailAuditSkill({ inspector }: Deps) {
  return defineQuery(auditTail, { run: ({ limit, before }) => shown(pageBefore(inspector, limit, before)) });
}

export function showAuditSkill({ inspector }: Deps) {
  return defineQuery(auditShow, {
    run({ seq }) {
      const record = inspector.record(seq);
      if (record) return shown({ record });
      throw new Fault("command.not-found", `There is no record ${seq}. \`mh audit tail\` shows the latest.`);
    },
  });
}

export function searchLogSkill({ inspector, registry }: Deps & Pick<FeatureParts, "registry">) {
  const contractOf = (skill: string) => registry.find(skill)?.contract;
  const isRead = (skill: string) => {
    const contract = contractOf(skill);
    return contract !== undefined && onlyReads(contract);
  };
  return defineQuery(logSearch, {
    async run(wanted, { signal }) {
      const found = await searchBefore(inspector, wanted, { signal, isRead });
      const names = new Set(found.records.flatMap(({ skill }) => (skill === undefined ? [] : [skillName(skill)])));
      const titles = [...names].flatMap((name) => {
        const title = contractOf(name)?.title;
        return title === undefined ? [] : [[name, title] as const];
      });
      return shown({ ...found, titles: Object.fromEntries(titles) });
    },
  });
}

type Checked = NonNullable<OutputOf<typeof auditProof>["checked"]>;

/** The last check of the whole log. It lives as long as the process: what was written since may have changed it all. */
export interface LastCheck {
  checked: Checked | null;
}

/** Reads the whole log in slices, so that the daemon answers others meanwhile. */
export function verifyAuditSkill({ inspector }: Deps, last: LastCheck) {
  return defineQuery(auditVerify, {
    async run({ sinceCheckpoint, kept = [] }, { signal, progress, now }) {
      const report = await inspector.verify({ sinceCheckpoint, kept, signal }, progress);
      const { status, records } = report;
      if (report.from === 0) last.checked = { at: new Date(now).toISOString(), status, records };
      return report;
    },
  });
}

/** To where the log is signed, with the note to keep elsewhere, and to where it was checked. */
export function showProofSkill({ inspector }: Deps, last: LastCheck) {
  return defineQuery(auditProof, {
    run(_args, { db }) {
      const size = meta(db, "checkpoint.size");
      const record = size === undefined ? undefined : inspector.record(Number(size));
      const signed = record?.phase === "checkpoint" ? signedBy(record) : null;
      return { records: inspector.size(), signed, checked: last.checked };
    },
  });
}

function signedBy({ ts, body }: JournalRecord) {
  const { size, note } = body as { size: number; note: string };
  const [, , root = ""] = note.split("\n");
  return { at: ts, records: size, root: toHex(fromBase64(root)), note };
}

export function explainCommandSkill({ inspector }: Deps) {
  return defineQuery(commandExplain, {
    run({ which }) {
      const found = inspector.explain(which);
      if (found) return shown({ ...found, decided: found.decided ?? null });
      throw new Fault("command.not-found", `The log knows nothing of ${which}. \`mh audit tail\` shows the latest.`);
    },
  });
}

export function homeStatusSkill({ inspector, config }: Deps & Pick<FeatureParts, "config">, last: LastCheck) {
  return defineQuery(homeStatus, {
    run: (_args, { now }) => ({
      ...{ at: new Date(now).toISOString(), owner: config().owner, checked: last.checked },
      ...inspector.status(),
    }),
  });
}

export function checkHomeSkill({ inspector }: Deps) {
  return defineQuery(homeCheck, {
    async run(_args, { signal, progress }) {
      const findings: OutputOf<typeof homeCheck>["findings"] = [];
      for await (const finding of inspector.check(signal)) {
        findings.push(finding);
        progress({ done: findings.length, unit: "findings", note: finding.what });
      }
      return { findings };
    },
  });
}

export function describeConfigSkill({ form }: { form: SettingsForm }) {
  return defineQuery(configSchema, { run: () => form.describe() as OutputOf<typeof configSchema> });
}

/** Records come from lines of JSON: what their bodies hold is JSON. */
const shown = <T>(value: unknown): T => value as T;
