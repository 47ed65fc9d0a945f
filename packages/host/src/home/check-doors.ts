import * as fs from "node:fs";
import * as path from "node:path";
import { shellWord } from "@mh/core/model/shell-word.ts";
import { socketPath } from "../places.ts";
import type { Finding } from "./check-home.ts";

type Found = Omit<Finding, "what">;

/** A program that reads a key signs as this home, or connects to its socket. */
export function keysOpenToOthers(folder: string): Found[] {
  const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  const open = ["", ...files].map((name) => path.join(folder, name)).filter(isOpenToOthers);
  const next = `chmod -R go-rwx ${shellWord(folder)}`;
  return open.map((file) => ({ level: "bad", message: `other accounts of this machine may open ${file}`, next }));
}

/** The folder in which the home's socket lies: who may write there may put another one in its place. */
export function checkSocket(root: string): Found[] {
  const folder = path.dirname(socketPath(root));
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (!stat) return [];
  const bad = (message: string, next: string): Found[] => [{ level: "bad", message: `${folder} ${message}`, next }];
  const away = `mv ${shellWord(folder)} ${shellWord(`${folder}.off`)}`;
  if (!stat.isDirectory()) return bad("is no folder, and the home has its socket there", away);
  // Root also works in homes of others.
  if (![stat.uid, 0].includes(process.geteuid?.() ?? stat.uid))
    return bad("belongs to somebody else, and the home has its socket there", away);
  if (!isOpenToOthers(folder)) return [];
  return bad("is open to other accounts, and the home has its socket there", `chmod 700 ${shellWord(folder)}`);
}

function isOpenToOthers(file: string): boolean {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isSymbolicLink() && (stat.mode & 0o077) !== 0;
}
