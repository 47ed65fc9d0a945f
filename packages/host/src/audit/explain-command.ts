import type { JournalRecord } from "@mh/contract/values/record.ts";
import { type Explanation, explain } from "@mh/core/kernel/explain.ts";
import { readObject } from "@mh/core/kernel/objects.ts";
import { loadPolicySet, type PolicySet, policyRulesSchema } from "@mh/core/policy/policy-set.ts";
import { loadKeys } from "../home/keys.ts";
import { keyFolder } from "../places.ts";
import { inspect } from "./inspect.ts";
import { journalReader } from "./journal-reader.ts";

/** Why a command was done, asked or refused, from the home's files as they are: nothing is opened. */
export function explainCommand(
  root: string,
  environment: Record<string, string | undefined>,
  which: string,
): Explanation | undefined {
  const { home, records } = inspect(root, environment);
  const reader = journalReader(root);
  const { hmacKey } = loadKeys(keyFolder(home.id, environment));
  const all = [...records()];
  return explain(all, which, (hash) =>
    policyOf(all, hash, (name) => readObject({ ...reader, hmacKey }, name), reader.crypto),
  );
}

function policyOf(
  all: readonly JournalRecord[],
  hash: string,
  read: (name: string) => string | undefined,
  crypto: Parameters<typeof loadPolicySet>[0],
): PolicySet | undefined {
  const adopted = all.find((record) => record.phase === "adopt" && record.body?.policyHash === hash);
  const text = adopted && read(String(adopted.body?.object));
  return text ? loadPolicySet(crypto, policyRulesSchema.parse(JSON.parse(text))) : undefined;
}
