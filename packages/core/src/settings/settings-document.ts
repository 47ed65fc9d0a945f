import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import { adoptionRow, settingsName } from "../adoption/adoptions-table.ts";
import type { DocumentKind } from "../documents/document.ts";
import type { Transaction } from "../journal/transaction.ts";
import { decodeLossy, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { AdoptedValues, GuardedValues } from "./guarded-values.ts";
import { settingsPath } from "./settings.ts";
import { kept, type SettingsForm } from "./settings-form.ts";

export interface SettingsDocumentDeps {
  crypto: Crypto;
  form: SettingsForm;
  readObject: (name: string) => string | undefined;
}

/**
 * The settings as a file that commands write. What the owner changes through mh is adopted with it; what was written into
 * the file by hand before goes on waiting.
 */
export function settingsDocument(deps: SettingsDocumentDeps): DocumentKind {
  const { form, readObject } = deps;
  return {
    where: settingsPath,
    isGuarded: true,
    owns: (path) => path === settingsPath,
    check: (_path, text) => void form.parse(text),
    project: (_db, _path, text) => void form.parse(text),
    drop: () => undefined,
    written(tx, commandId, text) {
      const before = readable(form, tx.read(settingsPath));
      const after = form.guarded(form.parse(text));
      const values = form.adoptedWith(before, after, adoptedIn(form, tx.db, readObject));
      adoptSettings(tx, commandId, "owner", values);
    },
  };
}

/** What the owner adopted last; undefined in a home that was never opened. */
export function adoptedIn(
  form: SettingsForm,
  db: Database,
  readObject: (name: string) => string | undefined,
): GuardedValues | undefined {
  const row = adoptionRow(db, "settings", settingsName);
  return row && form.adopted(JSON.parse(row.manifest) as AdoptedValues, readObject);
}

/** Writes down what is adopted from here on. */
export function adoptSettings(tx: Transaction, id: string, principal: Principal, values: GuardedValues): void {
  const body = { what: "config", values: kept(values, (text) => tx.object(utf8.encode(text))) };
  tx.append({ phase: "adopt", id, principal, body });
}

/** Undefined where the file is gone or cannot be read: then nobody can say what of a new one was in it before. */
function readable(form: SettingsForm, bytes: Uint8Array | undefined): GuardedValues | undefined {
  try {
    return bytes && form.guarded(form.parse(decodeLossy(bytes)));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return undefined;
  }
}
