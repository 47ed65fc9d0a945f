import * as fs from "node:fs";
import * as path from "node:path";
import { replaceFile } from "@mh/core/adapters/node-files.ts";
import { Fault } from "@mh/core/model/fault.ts";
import type { SecretOffers, Secrets } from "@mh/core/ports/secrets.ts";

/** Secrets as files of the owner alone (0600), in the key folder beside the home's keys. */
export function secretFiles(keyFolder: string): Secrets & SecretOffers {
  const folder = path.join(keyFolder, "secrets");
  const fileOf = (name: string) => path.join(folder, encodeURIComponent(name));
  return {
    read(name) {
      try {
        return fs.readFileSync(fileOf(name), "utf8");
      } catch (cause) {
        throw new Fault("secret.missing", `There is no secret ${name}. \`mh secret set ${name}\` asks for it.`, {
          cause,
        });
      }
    },
    names() {
      const files = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
      return files
        .filter((file) => !temporaryFile.test(file))
        .map(decodeURIComponent)
        .sort();
    },
    write: (name, value) => replaceFile(fileOf(name), value),
    remove: (name) => fs.rmSync(fileOf(name), { force: true }),
    take(offer) {
      const file = offerFile(keyFolder, offer);
      try {
        const value = fs.readFileSync(file, "utf8");
        fs.rmSync(file);
        return value;
      } catch (cause) {
        throw new Fault("secret.missing", "The value does not wait any more. `mh secret set` asks for it again.", {
          cause,
        });
      }
    },
  };
}

/** What a crash in the middle of writing leaves. */
const temporaryFile = /\.\d+\.tmp$/;

/** Where a value waits for the command that keeps it. */
export const offerFile = (keyFolder: string, offer: string): string => path.join(keyFolder, "offers", offer);
