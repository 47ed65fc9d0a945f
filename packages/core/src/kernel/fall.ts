import { trustLevels } from "@mh/contract/values/effect.ts";
import { initialTrust } from "@mh/contract/values/principal.ts";
import type { Transaction } from "../journal/transaction.ts";
import { answerable, isViolation } from "../policy/violation.ts";
import type { Call } from "./call.ts";
import { trustOf } from "./state.ts";
import type { Judged } from "./verdict.ts";

/**
 * Takes back at once what trust those had earned who reach for what is the owner's alone: they are back where they began, and
 * only the owner raises them again. It is written before the denial, so that a crash between the two costs no fall.
 */
export function fall(tx: Transaction, { id }: Pick<Call, "id">, judged: Judged): void {
  if (!isViolation(judged.verdict.rules)) return;
  for (const fallen of answerable(judged.requests)) {
    const level = initialTrust(fallen);
    if (trustLevels.indexOf(trustOf(tx.db, fallen)) <= trustLevels.indexOf(level)) continue;
    tx.append({ phase: "trust", id, principal: "module:trust", body: { principal: fallen, level, why: "violation" } });
  }
}
