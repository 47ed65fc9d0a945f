import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import type { Config } from "../model/config.ts";
import { isQuietAt } from "../model/quiet-hours.ts";
import { localOf, minuteOfDay } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { questionsLeft, repeatsLeft, spendLeft } from "./rates.ts";
import type { Classification } from "./skill.ts";

/** Those of some addresses that are nobody the owner knows. */
export type UnknownRecipients = (db: Database, config: Config, addresses: readonly string[]) => string[];

export interface CircumstancesInput {
  db: Database;
  config: Config;
  now: number;
  argsHash: string;
  classification: Classification;
  unknownRecipients: UnknownRecipients;
}

/** What rules may look at beside the command itself: whom it reaches, the time, the money, how much of it there was. */
export function circumstances(input: CircumstancesInput, principal: Principal): Partial<PolicyRequest> {
  const { db, config, now, argsHash, classification, unknownRecipients } = input;
  const { scope, amount, effect, tokens } = classification;
  const recipients = scope.recipients ?? [];
  const bounded = isOwner(principal)
    ? {}
    : {
        questionsLeft: questionsLeft(db, config, principal, now),
        ...(effect !== "read" && { repeatsLeft: repeatsLeft(db, config, principal, argsHash, now) }),
        ...spendingOf(input, principal),
      };
  return {
    ...(recipients.length > 0 && { outsiders: unknownRecipients(db, config, recipients) }),
    ...(amount && { amount }),
    ...(tokens && { tokens }),
    ...bounded,
  };
}

function spendingOf({ db, config, now, classification }: CircumstancesInput, principal: Principal) {
  const left = spendLeft(db, config, principal, classification, now);
  return left === undefined ? {} : { spendLeft: left };
}

/** Minutes since midnight where the owner is, and whether the quiet hours reign. */
export function timeOfDay(
  { timeZone, quietHours }: Config,
  now: number,
): Pick<PolicyRequest, "minuteOfDay" | "quietHours"> {
  const minute = minuteOfDay(localOf(now, timeZone));
  return { minuteOfDay: minute, ...(quietHours && { quietHours: isQuietAt(quietHours, minute) }) };
}
