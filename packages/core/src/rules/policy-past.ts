import { policyPast } from "@mh/contract/policy.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import type { Inspector } from "../inspect/inspect.ts";
import { defineQuery } from "../kernel/skill.ts";
import { pastJudge } from "../policy/past.ts";
import { parsePolicyFile } from "../policy/policy-set.ts";
import type { Crypto } from "../ports/crypto.ts";

interface PastDeps {
  crypto: Crypto;
  inspector: Pick<Inspector, "records" | "size" | "record">;
  inForce: () => readonly PolicyRule[];
  seal: (address: string) => string;
}

const dayMs = 24 * 3_600_000;
const sliceRecords = 500;
const kindsMax = 50;

/** What a change of rules would have decided differently of late. Only reads, slice by slice: others have their turn. */
export function pastSkill({ crypto, inspector, inForce, seal }: PastDeps) {
  return defineQuery(policyPast, {
    async run({ days, files, gone }, { now, signal, progress }) {
      const before = inForce();
      const added = files.flatMap(({ name, text }) => parsePolicyFile(name, text));
      const isReplaced = ({ id }: PolicyRule) =>
        gone.includes(id) || files.some(({ name }) => id.startsWith(`${name}#`));
      const past = pastJudge(crypto, {
        before,
        after: [...before.filter((rule) => !isReplaced(rule)), ...added],
        seal,
      });
      const size = inspector.size();
      for (let at = firstSince(inspector, now - days * dayMs); at < size; at += sliceRecords) {
        signal.throwIfAborted();
        for (const record of inspector.records(at, Math.min(size, at + sliceRecords))) past.look(record);
        progress({ done: at, total: size, unit: "records" });
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { different, ...counts } = past.differences();
      return { days, ...counts, different: different.slice(0, kindsMax), more: different.length > kindsMax };
    },
  });
}

/** Number of the first record since a time: they stand in the order in which they were written. */
function firstSince({ size, record }: PastDeps["inspector"], since: number): number {
  let [low, high] = [0, size()];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(record(middle)?.ts ?? "") < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
