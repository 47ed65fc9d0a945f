import { Fault } from "@mh/contract/values/fault.ts";
import { adoptionRow, settingsName } from "@mh/core/adoption/adoptions-table.ts";
import type { Ledger } from "@mh/core/journal/ledger.ts";
import type { Config } from "@mh/core/model/config.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { SettingsState } from "@mh/core/settings/config.ts";
import type { GuardedValues } from "@mh/core/settings/guarded-values.ts";
import { settingsPath } from "@mh/core/settings/settings.ts";
import { adoptedIn, adoptSettings } from "@mh/core/settings/settings-document.ts";
import type { SettingsForm } from "@mh/core/settings/settings-form.ts";

export interface SettingsFileDeps {
  files: Files;
  form: SettingsForm;
  reader: Database;
  readObject: (name: string) => string | undefined;
}

/** The settings in force: `config.yaml` as it is, but what widens something guarded waits until the owner adopts it. */
export class SettingsFile {
  readonly #deps: SettingsFileDeps;
  #seen = "";
  #state: SettingsState | undefined;

  constructor(deps: SettingsFileDeps) {
    this.#deps = deps;
  }

  /** Looks at the file's facts each time: a stricter value bites at once. */
  current(): Config {
    return this.state().inForce;
  }

  state(): SettingsState {
    const seen = JSON.stringify([
      this.#deps.files.facts(settingsPath),
      adoptionRow(this.#deps.reader, "settings", settingsName),
    ]);
    if (!this.#state || seen !== this.#seen) this.#state = this.#load();
    this.#seen = seen;
    return this.#state;
  }

  /** Forget what was read: something was adopted. */
  reset(): void {
    this.#seen = "";
  }

  /**
   * What the settings of a new home say is in force from its first opening on: whoever made it wrote them, too. A setting
   * that a later mh guards was never in force here, and waits.
   */
  async adoptFirst(ledger: Ledger, newId: () => string): Promise<void> {
    if (adoptionRow(this.#deps.reader, "settings", settingsName)) return;
    const values = this.#deps.form.guarded(this.current());
    await ledger.transact((tx) => adoptSettings(tx, newId(), "file", values));
    this.reset();
  }

  #load(): SettingsState {
    const { files, form, reader, readObject } = this.#deps;
    const adopted = adoptedIn(form, reader, readObject);
    let text = "";
    try {
      // A folder or a pipe in its place is as good as a text that nobody understands.
      const bytes = files.read(settingsPath);
      text = bytes ? decodeLossy(bytes) : "";
      const onDisk = form.parse(text);
      const pending = form.pending(onDisk, adopted);
      return { inForce: form.inForce(onDisk, adopted), text, pending, broken: undefined, names: form.names() };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { inForce: this.#lastGood(adopted, error), text, pending: [], broken: error.message, names: form.names() };
    }
  }

  /** Without a last good text nobody knows whose day it is or how much is too much: then nothing runs. */
  #lastGood(adopted: GuardedValues | undefined, error: Fault): Config {
    const row = this.#deps.reader.prepare("SELECT text FROM documents WHERE path = ?").get(settingsPath);
    if (!row) throw new Fault("config.invalid", error.message, { cause: error });
    const { form } = this.#deps;
    return form.inForce(form.parse((row as { text: string }).text), adopted);
  }
}
