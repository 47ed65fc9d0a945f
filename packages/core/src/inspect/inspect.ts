import type { OutputOf } from "@mh/contract/contract.ts";
import {
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
import type { VerifyReport } from "../journal/verify.ts";
import type { Explanation } from "../kernel/explain.ts";
import { defineQuery } from "../kernel/skill.ts";
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
    options: { sinceCheckpoint: boolean; signal: AbortSignal },
    progress: (update: ProgressUpdate) => void,
  ): Promise<VerifyReport>;
  explain(which: string): Explanation | undefined;
  /** Every part of the home, one after the other. */
  check(signal: AbortSignal): AsyncIterable<OutputOf<typeof homeCheck>["findings"][number]>;
  status(): Omit<OutputOf<typeof homeStatus>, "at">;
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

export function searchLogSkill({ inspector }: Deps) {
  return defineQuery(logSearch, {
    run: async (wanted, { signal }) => shown(await searchBefore(inspector, wanted, signal)),
  });
}

/** Reads the whole log in slices, so that the daemon answers others meanwhile. */
export function verifyAuditSkill({ inspector }: Deps) {
  return defineQuery(auditVerify, {
    run: ({ sinceCheckpoint }, { signal, progress }) => inspector.verify({ sinceCheckpoint, signal }, progress),
  });
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

export function homeStatusSkill({ inspector }: Deps) {
  return defineQuery(homeStatus, {
    run: (_args, { now }) => ({ at: new Date(now).toISOString(), ...inspector.status() }),
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
