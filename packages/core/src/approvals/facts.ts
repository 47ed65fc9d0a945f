import type { ApprovalRow, Parked } from "@mh/contract/values/approval.ts";
import { moneyWords } from "@mh/contract/values/money.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { ApprovalFacts, ShownValue } from "@mh/contract/values/shown-value.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { rateLeft, spendLeft } from "../kernel/rates.ts";
import type { Classification } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Earlier } from "./earlier.ts";
import { isGranting } from "./shown.ts";

export interface FactsOf {
  approval: ApprovalRow;
  command: Parked | null;
  kind: Classification | undefined;
  values: readonly ShownValue[];
  earlier: Earlier;
  hasCard: boolean;
}

interface FactsDeps {
  crypto: Crypto;
  hmacKey: Uint8Array;
  config: Config;
  db: Database;
  now: number;
}

/** What an approval would bring about, and whether it may be answered together with others. */
export function approvalFacts(deps: FactsDeps, of: FactsOf): ApprovalFacts {
  const { kind, earlier } = of;
  return {
    ...{ effect: kind?.effect ?? null, risk: kind?.risk ?? null },
    learns: [...new Set([...(kind?.scope.recipients ?? []), ...(kind?.scope.hosts ?? [])])].map((each) =>
      visible(each),
    ),
    left: kind ? leftAfter(deps, of.approval, kind) : [],
    approved: {
      times: earlier.times,
      ...(earlier.lastMs !== undefined && { last: new Date(earlier.lastMs).toISOString() }),
    },
    batch: batchOf(deps, of),
  };
}

/** The owner has no allowance, and no hour that is full. */
function leftAfter({ db, config, now }: FactsDeps, { principal }: ApprovalRow, kind: Classification): string[] {
  if (isOwner(principal)) return [];
  const { amount, tokens } = kind;
  const money = spendLeft(db, config, principal, { ...(amount && { amount }), ...(tokens && { tokens }) }, now);
  const hour = Math.max(0, rateLeft(db, config, principal, now) - 1);
  const ofMoney =
    money === undefined || !amount
      ? []
      : [
          money < 0
            ? "its allowance does not reach"
            : `${moneyWords(money, amount.currency)} of its allowance after it`,
        ];
  return [...ofMoney, `${hour} ${hour === 1 ? "command" : "commands"} in this hour after it`];
}

const aloneEffects = ["spend", "destroy", "admin"];

/**
 * Requests of the same principal for the same skill, version, recipients and origins. What is of high risk, pays, cannot be
 * taken back for good, holds values of others, or gives more than one use is read and answered alone.
 */
function batchOf({ crypto, hmacKey }: FactsDeps, { approval, command, kind, values, hasCard }: FactsOf): string | null {
  if (!command || !kind || hasCard || kind.risk === "high" || aloneEffects.includes(kind.effect)) return null;
  if (command.steered?.length || command.question || command.change || command.warning || isGranting(approval))
    return null;
  const key = {
    ...{ principal: command.principal, skill: command.skill, effect: kind.effect, risk: kind.risk },
    ...{ onBehalfOf: command.onBehalfOf ?? null, recipients: [...(kind.scope.recipients ?? [])].sort() },
    origins: [...new Set(values.flatMap(({ from }) => from.map(({ mark, says }) => `${mark} ${says}`)))].sort(),
  };
  return crypto.hmacHex(hmacKey, `approval.batch ${canonical(key)}`).slice(0, 32);
}
