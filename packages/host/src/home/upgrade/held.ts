import * as fs from "node:fs";
import * as path from "node:path";
import { nodeFiles } from "../../adapters/node-files.ts";
import { holdHome } from "../hold-home.ts";
import { homeFormat, readHome } from "../home-file.ts";
import { upgradeSteps } from "./steps.ts";
import { formatted } from "./swap.ts";
import { dropFormer, formerFormat, goBack } from "./upgrade.ts";

/** What an upgrade of a home would do, and what one left. Only looks. */
export interface UpgradeView {
  format: number;
  newest: number;
  /** What would be done, a sentence's end each. */
  steps: string[];
  /** How much is copied for it. */
  bytes: number;
  /** The format of the home that is kept to go back to. */
  kept: number | null;
}

export function upgradeView(root: string): UpgradeView {
  const { format } = readHome(nodeFiles(root), root);
  const steps = upgradeSteps.filter(({ from }) => from >= format).map(({ what }) => what);
  const copied = formatted.reduce((sum, name) => sum + bytesOf(path.join(root, name)), 0);
  const bytes = steps.length === 0 ? 0 : copied - bytesOf(path.join(root, "memory", "index"));
  return { format, newest: homeFormat, steps, bytes, kept: formerFormat(root) ?? null };
}

function bytesOf(place: string): number {
  const stat = fs.lstatSync(place, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.size ?? 0;
  return fs.readdirSync(place).reduce((sum, name) => sum + bytesOf(path.join(place, name)), 0);
}

/**
 * Goes back to the home of before the upgrade, which an earlier mh opens; gives the folder in which what it became since is
 * kept. Throws `home.busy` and `home.missing`.
 */
export function undoUpgrade(root: string, environment: Record<string, string | undefined>): string {
  using _ = holdHome(root);
  return goBack(root, environment);
}

/** Lets go of what was kept to go back to. Throws `home.busy`. */
export function settleUpgrade(root: string): void {
  using _ = holdHome(root);
  dropFormer(root);
}
