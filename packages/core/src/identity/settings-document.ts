import type { DocumentKind } from "../memory/documents/document.ts";
import type { Crypto } from "../ports/crypto.ts";
import { guardedValues, parseSettings, settingsPath } from "./settings.ts";

/** The settings as a file that commands write: what the owner writes through mh is adopted with it. */
export function settingsDocument(crypto: Crypto): DocumentKind {
  return {
    where: settingsPath,
    isGuarded: true,
    owns: (path) => path === settingsPath,
    check: (_path, text) => void parseSettings(text),
    project: (_db, _path, text) => void parseSettings(text),
    drop: () => undefined,
    written(tx, _commandId, text) {
      const body = { what: "config", values: guardedValues(parseSettings(text)) };
      tx.append({ phase: "adopt", id: crypto.id(), principal: "owner", body });
    },
  };
}
