import type { Outcome } from "@mh/contract/wire/command.ts";
import { withDot } from "../model/plain-sentence.ts";

/** Why a command that another one caused is not done, as a sentence. */
export function whyNotDone(outcome: Exclude<Outcome, { status: "done" }>): string {
  switch (outcome.status) {
    case "failed":
      return outcome.fault.message;
    case "denied":
      return withDot(`It was denied: ${outcome.reason}`);
    case "parked":
      return withDot(`It waits for your approval: ${outcome.reason}`);
    case "interrupted":
    case "repeated":
      return outcome.message;
  }
}
