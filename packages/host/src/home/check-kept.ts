import { readSnapshot } from "@mh/core/history/snapshot-file.ts";
import { snapshots } from "@mh/core/history/snapshots.ts";
import { objectsFolder } from "@mh/core/journal/objects-folder.ts";
import { damagedObjects } from "@mh/core/kernel/objects.ts";
import { isCutOffWrite } from "@mh/core/model/home-files.ts";
import { journalReader } from "../audit/journal-reader.ts";
import { keyFolder } from "../places.ts";
import type { Finding } from "./check-home.ts";
import { readHome } from "./home-file.ts";
import { loadKeys } from "./keys.ts";

type Found = Omit<Finding, "what">;
type Environment = Record<string, string | undefined>;

const shownMax = 5;

/** Compares each object with its name, which is made of what it held. */
export function checkObjects(root: string, environment: Environment): Found[] {
  const { files, crypto } = journalReader(root, environment);
  const { hmacKey } = loadKeys(keyFolder(readHome(files, root).id, environment));
  const count = files.list(objectsFolder).filter((path) => !isCutOffWrite(path)).length;
  const damaged = damagedObjects({ files, crypto, hmacKey });
  if (damaged.length === 0)
    return [{ level: "ok", message: `${count} kept values and earlier texts, each as it was kept` }];
  const shown = damaged.slice(0, shownMax).map((name) => name.slice(0, 12));
  const more = damaged.length > shownMax ? `, and ${damaged.length - shownMax} more` : "";
  return [
    {
      level: "bad",
      message: `${damaged.length} of ${count} files in ${objectsFolder} are not what was kept: ${shown.join(", ")}${more}`,
      next: "None of them is used; what needs one says that it is gone. Copy them back from a backup, or let them go: mh doctor --repair",
    },
  ];
}

/** Compares each snapshot with its seal. */
export function checkSnapshots(root: string, environment: Environment): Found[] {
  const { files, crypto } = journalReader(root, environment);
  const { lineKey } = loadKeys(keyFolder(readHome(files, root).id, environment));
  const all = snapshots(files).map((path) => {
    const { state } = readSnapshot({ crypto, lineKey }, () => files.lines(path));
    return { path, state, name: path.slice(path.lastIndexOf("/") + 1, -".ndjson".length) };
  });
  const damaged = all.filter(({ state }) => state === "damaged");
  const unsealed = all.filter(({ state }) => state === "unsealed").length;
  const but = unsealed > 0 ? `; of ${unsealed} from before there were seals that cannot be told` : "";
  if (damaged.length === 0) return [{ level: "ok", message: `${all.length}, each as it was written${but}` }];
  return damaged.map(({ path, name }) => ({
    level: "bad",
    message: `${path} is not as it was written; no restore takes it`,
    next: `mh snapshot restore ${name} --preview`,
  }));
}
