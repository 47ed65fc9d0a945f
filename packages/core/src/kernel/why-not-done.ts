import type { Outcome } from "@mh/contract/wire/command.ts";

/** Why a command that another one caused is not done, as a sentence. */
export function whyNotDone(outcome: Exclude<Outcome, { status: "done" }>): string {
  switch (outcome.status) {
    case "failed":
      return outcome.fault.message;
    case "denied":
      return `It was denied: ${outcome.reason.replace(/\.$/, "")}.`;
    case "parked":
      return `It waits for your approval: ${outcome.reason.replace(/\.$/, "")}.`;
    case "interrupted":
    case "repeated":
      return outcome.message;
  }
}
