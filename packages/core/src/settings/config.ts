import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { type DocumentKind, documentText, writeDocument } from "../documents/document.ts";
import { defineAdmin } from "../kernel/define-admin.ts";
import { defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import { always } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { settingsPath } from "./settings.ts";
import { adoptSettings } from "./settings-document.ts";
import type { PendingSetting, SettingsForm } from "./settings-form.ts";

/** The settings as they stand. */
export interface SettingsState {
  inForce: Config;
  text: string;
  /** Looser values in the file that wait for the owner. */
  pending: PendingSetting[];
  /** Why the file cannot be taken as it is; the last good one stays in force. */
  broken: string | undefined;
  /** The settings that a command can change, by their dotted names. */
  names: string[];
}

export interface ConfigDeps {
  kinds: readonly DocumentKind[];
  state: () => SettingsState;
  changed: () => void;
  form: SettingsForm;
}

const none = z.strictObject({});

export function showConfigSkill(deps: Pick<ConfigDeps, "state">) {
  return defineQuery<Record<string, never>, SettingsState>({
    manifest: readManifest("config.show", "Show the settings", none, z.custom<SettingsState>()),
    classify: always("read"),
    run: () => deps.state(),
  });
}

const setInput = z.strictObject({
  name: z.string(),
  /** Null takes the setting away, so that its default holds. */
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
});
const named = z.strictObject({ name: z.string() });

/** Changes one setting in `config.yaml`; comments and order stay. */
export function setConfigSkill(deps: ConfigDeps) {
  return defineAdmin<z.infer<typeof setInput>, { name: string }>({
    name: "config.set",
    title: "Change a setting",
    input: setInput,
    output: named,
    event: "config.changed",
    undo: "mh undo",
    apply({ name, value }, { tx, commandId }) {
      const before = documentText(tx, settingsPath);
      const text = deps.form.edit(before, name, value ?? undefined);
      if (text === before) throw new Fault("config.invalid", `${name} is just that already.`);
      writeDocument(tx, deps.kinds, commandId, settingsPath, text);
      tx.afterCommit(deps.changed);
      return { name };
    },
  });
}

const writeInput = z.strictObject({ text: z.string().max(1_000_000) });

/** Puts a whole `config.yaml` in place: what an editor gave back. */
export function writeConfigSkill(deps: ConfigDeps) {
  return defineAdmin<z.infer<typeof writeInput>, { settings: string }>({
    name: "config.write",
    title: "Replace the settings",
    input: writeInput,
    output: z.strictObject({ settings: z.string() }),
    event: "config.replaced",
    undo: "mh undo",
    apply({ text }, { tx, commandId }) {
      deps.form.parse(text);
      writeDocument(tx, deps.kinds, commandId, settingsPath, text);
      tx.afterCommit(deps.changed);
      return { settings: settingsPath };
    },
  });
}

const pendingSchema = z.strictObject({ name: z.string(), inForce: z.unknown(), wanted: z.unknown() });
const adoptInput = z.strictObject({
  /** What the owner said yes to, as it was shown: the file may have been changed since. */
  shown: z.array(pendingSchema).optional(),
});

/** Puts what was written into the file by hand in force, widenings included. */
export function adoptConfigSkill(deps: ConfigDeps) {
  const output = z.strictObject({ adopted: z.array(z.string()) });
  return defineAdmin<z.infer<typeof adoptInput>, { adopted: string[] }>({
    name: "config.adopt",
    title: "Put changed settings in force",
    input: adoptInput,
    output,
    event: "config.adopted",
    undo: null,
    apply({ shown }, { tx, commandId, principal }) {
      const { broken, pending, text } = deps.state();
      if (broken) throw new Fault("config.invalid", broken);
      if (pending.length === 0) throw new Fault("review.nothing", "No change of the settings waits for you.");
      if (shown && canonical(shown) !== canonical(pending)) throw changedSince("config.yaml");
      adoptSettings(tx, commandId, principal, deps.form.guarded(deps.form.parse(text)));
      tx.afterCommit(deps.changed);
      return { adopted: pending.map(({ name }) => name) };
    },
  });
}

/** The file is not any more what the owner looked at before saying yes. */
export const changedSince = (what: string): Fault =>
  new Fault(
    "review.changed",
    `${what} was changed since you looked. Nothing was put in force; \`mh review\` shows it.`,
  );
