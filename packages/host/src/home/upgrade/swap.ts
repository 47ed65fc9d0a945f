import * as fs from "node:fs";
import * as path from "node:path";
import { once } from "@mh/contract/once.ts";
import { journalFolder } from "@mh/core/journal/segments.ts";
import { z } from "zod";
import { syncFolder } from "../../adapters/durable-names.ts";
import { nodeFiles } from "../../adapters/node-files.ts";
import { type HomeFile, homeIn } from "../home-file.ts";

/** What has a format: the parts of a home that an upgrade changes. `home.json`, which says which one it is, comes last. */
export const formatted = ["memory", "logs", "persona", "config.yaml", "home.json"] as const;

/** All of an upgrade, on the disk of the home itself: parts are put in place by renaming. */
export const upgradeFolder = "run/upgrade";
export const stageFolder = `${upgradeFolder}/new`;
export const beforeFolder = `${upgradeFolder}/before`;
/** One for each time that somebody went back. */
export const afterFolder = (n: number): string => `${upgradeFolder}/after${n === 1 ? "" : `-${n}`}`;
const orderFile = `${upgradeFolder}/swap.json`;

const orderSchema = once(() =>
  z.strictObject({ from: z.string(), aside: z.string(), names: z.array(z.enum([...formatted, journalFolder])) }),
);
type Order = z.infer<ReturnType<typeof orderSchema>>;

/**
 * Puts the parts of a folder in place of those of the home, which go aside. From the moment that the order is on disk it is
 * carried out, whatever crashes; before, nothing of it counts.
 */
export function swapIn(root: string, order: Order, onStep?: () => void): void {
  fs.rmSync(path.join(root, order.aside), { recursive: true, force: true });
  fs.mkdirSync(path.join(root, order.aside), { recursive: true, mode: 0o700 });
  nodeFiles(root).replace(orderFile, Buffer.from(JSON.stringify(order)));
  onStep?.();
  finishSwap(root, onStep);
}

/** Carries an order out, or on where a crash cut that off. Whether there was one. */
export function finishSwap(root: string, onStep?: () => void): boolean {
  const bytes = nodeFiles(root).read(orderFile);
  if (!bytes) return false;
  const { from, aside, names } = orderSchema().parse(JSON.parse(Buffer.from(bytes).toString()));
  for (const name of names) {
    const [next, here, former] = [from, "", aside].map((folder) => path.join(root, folder, name)) as [
      string,
      string,
      string,
    ];
    // Its turn is over: the part is in place.
    if (!fs.existsSync(next)) continue;
    if (fs.existsSync(here) && !fs.existsSync(former)) {
      // A file is there at every moment: a reader finds the former one or this one.
      if (fs.statSync(here).isFile()) nodeFiles(root).replace(`${aside}/${name}`, fs.readFileSync(here));
      else {
        fs.mkdirSync(path.dirname(former), { recursive: true, mode: 0o700 });
        fs.renameSync(here, former);
      }
      onStep?.();
    }
    fs.renameSync(next, here);
    onStep?.();
  }
  const touched = [from, aside, "."].flatMap((folder) => names.map((name) => path.dirname(path.join(folder, name))));
  for (const folder of new Set(touched.flatMap(upwards))) syncFolder(path.join(root, folder));
  nodeFiles(root).remove(orderFile);
  return true;
}

/** A folder of the home, and those that lead to it. */
const upwards = (folder: string): string[] => (folder === "." ? ["."] : [folder, ...upwards(path.dirname(folder))]);

/** The homes that upgrades, and going back from them, kept aside. */
export function keptHomes(root: string): ({ folder: string } & Pick<HomeFile, "format" | "encrypted">)[] {
  const files = nodeFiles(root);
  const folders = files.names(upgradeFolder).filter(({ isFolder }) => isFolder);
  return folders.flatMap(({ name }) => {
    const folder = `${upgradeFolder}/${name}`;
    const bytes = folder === stageFolder ? undefined : files.read(`${folder}/home.json`);
    if (!bytes) return [];
    const { format, encrypted } = homeIn(bytes, path.join(root, folder));
    return [{ folder, format, encrypted }];
  });
}
