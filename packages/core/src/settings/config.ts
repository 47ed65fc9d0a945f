import { configAdopt, configSet, configShow, configWrite, type PendingSetting } from "@mh/contract/settings.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type DocumentKind, documentText, writeDocument } from "../documents/document.ts";
import { defineAdmin, defineQuery } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { settingsPath } from "./settings.ts";
import { adoptSettings } from "./settings-document.ts";
import type { SettingsForm } from "./settings-form.ts";

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

export function showConfigSkill(deps: Pick<ConfigDeps, "state">) {
  return defineQuery(configShow, {
    run() {
      const { inForce, broken, ...rest } = deps.state();
      return { ...rest, inForce: JSON.parse(canonical(inForce)), ...(broken !== undefined && { broken }) };
    },
  });
}

/** Changes one setting in `config.yaml`; comments and order stay. */
export function setConfigSkill(deps: ConfigDeps) {
  return defineAdmin(configSet, {
    stored: "kept",
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

/** Puts a whole `config.yaml` in place: what an editor gave back. */
export function writeConfigSkill(deps: ConfigDeps) {
  return defineAdmin(configWrite, {
    stored: "kept",
    apply({ text }, { tx, commandId }) {
      deps.form.parse(text);
      writeDocument(tx, deps.kinds, commandId, settingsPath, text);
      tx.afterCommit(deps.changed);
      return { settings: settingsPath };
    },
  });
}

/** Puts what was written into the file by hand in force, widenings included. */
export function adoptConfigSkill(deps: ConfigDeps) {
  return defineAdmin(configAdopt, {
    stored: "kept",
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

/** The file is not any more what the owner looked at before approving it. */
export const changedSince = (what: string): Fault =>
  new Fault(
    "review.changed",
    `${what} was changed since you looked. Nothing was put in force; \`mh review\` shows it.`,
  );
