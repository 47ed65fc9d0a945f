import * as fs from "node:fs";
import * as path from "node:path";
import { diskFault } from "@mh/core/adapters/node-files.ts";
import { Fault } from "@mh/core/model/fault.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";

/** Secrets as files of the owner alone (0600), in the key folder beside the home's keys. */
export function secretFiles(keyFolder: string): Secrets {
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
    names: () => (fs.existsSync(folder) ? fs.readdirSync(folder).map(decodeURIComponent).sort() : []),
    write(name, value) {
      try {
        fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
        const temporary = `${fileOf(name)}.${process.pid}.tmp`;
        fs.writeFileSync(temporary, value, { mode: 0o600, flush: true });
        fs.renameSync(temporary, fileOf(name));
      } catch (error) {
        throw diskFault(error);
      }
    },
    remove: (name) => fs.rmSync(fileOf(name), { force: true }),
  };
}
