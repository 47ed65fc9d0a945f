import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { readRecords } from "@mh/core/journal/walk.ts";
import { sealed } from "@mh/core/kernel/parts.ts";
import { type PastDifferences, pastJudge } from "@mh/core/policy/past.ts";
import { parsePolicyFile } from "@mh/core/policy/policy-set.ts";
import { type TestedCase, testPolicyFile } from "@mh/core/policy/policy-test.ts";
import { decodeUtf8 } from "@mh/core/ports/bytes.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { readPlain } from "../adapters/plain-file.ts";
import { readHome } from "../home/home-file.ts";
import { loadKeys } from "../home/keys.ts";
import { policyFolder } from "../home/policy-files.ts";
import { keyFolder } from "../places.ts";
import { journalReader } from "./journal-reader.ts";

export interface PastOptions {
  since?: number | undefined;
  onProgress?: (records: number) => void;
  signal?: AbortSignal;
}

/** What a change of rules would have decided differently in this home so far. Only reads; nothing is locked. */
export async function differencesInPast(
  root: string,
  environment: Record<string, string | undefined>,
  rules: { before: readonly PolicyRule[]; after: readonly PolicyRule[] },
  { since = 0, onProgress, signal }: PastOptions = {},
): Promise<PastDifferences> {
  const reader = journalReader(root, environment);
  const { hmacKey } = loadKeys(keyFolder(readHome(reader.files, root).id, environment));
  const past = pastJudge(nodeCrypto, { ...rules, seal: (address) => sealed(nodeCrypto, hmacKey, address) });
  let seen = 0;
  for (const { record } of readRecords(reader)) {
    seen += 1;
    if (seen % 1000 === 0) {
      onProgress?.(seen);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
    if (Date.parse(record.ts) >= since) past.look(record);
  }
  return past.differences();
}

/** The rules of a file anywhere, as if it lay in `persona/policy`. */
export function rulesIn(file: string): PolicyRule[] {
  return parsePolicyFile(path.basename(file), readText(file));
}

export interface TestedFile {
  file: string;
  cases: TestedCase[];
}

/** Runs the cases that stand in the owner's files of rules. */
export function testPolicies(root: string): TestedFile[] {
  const folder = path.join(root, policyFolder);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith(".cedar")) : [];
  return names.sort().map((file) => ({
    file,
    cases: testPolicyFile(nodeCrypto, file, readText(path.join(folder, file))),
  }));
}

function readText(file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readPlain(file);
  } catch (cause) {
    throw new Fault("file.not-found", `${file} cannot be read. Check the path.`, { cause });
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new Fault("policy.invalid", `${path.basename(file)} is not UTF-8.`);
  return text;
}
