import * as fs from "node:fs";
import * as path from "node:path";
import { readPlainText } from "../adapters/plain-file.ts";

/** What `mh status` shows, left behind by the process that held the home last. A cache: it only says what it saw, and when. */
export interface Summary {
  /** What each used of models and paid in the last day, who used most first; absent where nobody did. */
  spent?: { principal: string; tokens: number; minor: number }[];
  /** What of that was paid, in words. */
  paid?: string;
  /** What everyone but the owner might still use together. */
  tokensLeft?: number;
  moneyLeft?: string;
  at: string;
  memories: number;
  records: number;
  questions: number;
  pendingRules: number;
  interrupted: number;
  /** The last jump of the clock, of late. */
  clock?: { fromMs: number; toMs: number };
  /** Lines and files that are gone and were not forgotten. */
  missing: number;
}

export const summaryFile = "run/summary.json";
const file = (root: string): string => path.join(root, summaryFile);

export function readSummary(root: string): Summary | undefined {
  try {
    return JSON.parse(readPlainText(file(root))) as Summary;
  } catch {
    return undefined;
  }
}

/** On a full disk there is no summary rather than an old one. */
export function writeSummary(root: string, summary: Summary): void {
  try {
    fs.writeFileSync(file(root), JSON.stringify(summary), { mode: 0o600 });
  } catch {
    fs.rmSync(file(root), { force: true });
  }
}
