import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { Crypto } from "../ports/crypto.ts";
import { type Comparison, comparer } from "./compare.ts";

/** Commands of one kind that a change of rules decides differently. */
export interface PastDifference extends Comparison {
  principal: string;
  skill: string;
  count: number;
  /** When the last of them was. */
  last: string;
  /** Ids of the last ones, latest first. */
  commands: string[];
}

export interface PastDifferences {
  /** How many verdicts of the journal were worked out again. */
  judged: number;
  /** Those that cannot be: the journal does not keep what the changed rules look at. */
  unknown: number;
  different: PastDifference[];
}

const commandsKept = 5;

/** Works the verdicts of records out again, one after the other, by the rules before and after a change. */
export function pastJudge(
  crypto: Crypto,
  rules: { before: readonly PolicyRule[]; after: readonly PolicyRule[]; seal: (address: string) => string },
) {
  const compare = comparer(crypto, rules);
  const groups = new Map<string, PastDifference>();
  const total = { judged: 0, unknown: 0 };
  return {
    look({ request, verdict, body, id, ts, principal, skill = "", count = 1 }: JournalRecord): void {
      // What was approved was an approval request before, and that is the verdict that counts.
      if (!request || !verdict || body?.approved === true) return;
      const found = compare(request);
      total.judged += count;
      if (found === "unknown") total.unknown += count;
      if (found === undefined || found === "unknown") return;
      const name = skill.split("@", 1)[0] ?? "";
      const key = JSON.stringify([principal, name, found]);
      const group = groups.get(key) ?? { ...found, principal, skill: name, count: 0, last: ts, commands: [] };
      group.count += count;
      group.last = ts;
      group.commands = [id, ...group.commands].slice(0, commandsKept);
      groups.set(key, group);
    },
    differences(): PastDifferences {
      const different = [...groups.values()].sort((a, b) => b.count - a.count || b.last.localeCompare(a.last));
      return { ...total, different };
    },
  };
}
