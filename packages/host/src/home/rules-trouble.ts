import * as fs from "node:fs";
import * as path from "node:path";
import { reasonOf } from "@mh/core/kernel/fault-of.ts";
import { readPlainText } from "../adapters/plain-file.ts";

/** What the process that holds the home found wrong with the rules: status and doctor read it without asking that one. */
export const rulesTroubleFile = "run/rules-trouble.json";
const file = (root: string): string => path.join(root, rulesTroubleFile);

export function noteRulesTrouble(root: string, troubles: readonly string[]): void {
  try {
    if (troubles.length === 0) fs.rmSync(file(root), { force: true });
    else fs.writeFileSync(file(root), JSON.stringify(troubles), { mode: 0o600 });
  } catch (error) {
    process.emitWarning(`What is wrong with the rules could not be noted: ${reasonOf(error)}`);
  }
}

export function readRulesTrouble(root: string): string[] {
  try {
    return JSON.parse(readPlainText(file(root))) as string[];
  } catch {
    return [];
  }
}
