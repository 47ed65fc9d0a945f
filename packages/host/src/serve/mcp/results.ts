import type { Outcome } from "@mh/contract/wire/command.ts";
import type { CallToolResult } from "@modelcontextprotocol/server";

type Parked = Outcome & { status: "parked" };

/** How a command ended, as a tool's result: its answer whole, or in a sentence why there is none. */
export function resultOf(outcome: Exclude<Outcome, Parked>): CallToolResult {
  switch (outcome.status) {
    case "done":
      return isObject(outcome.value)
        ? { content: [], structuredContent: outcome.value }
        : { content: [{ type: "text", text: JSON.stringify(outcome.value ?? null) }] };
    case "denied":
      return refused(`Denied (${outcome.layer}): ${outcome.reason}. The owner can see why: mh why ${outcome.id}`);
    case "failed":
      return refused(outcome.fault.message);
    case "repeated":
    case "interrupted":
      return refused(outcome.message);
  }
}

/** Where the owner answers, and that the same call is how the answer is heard of. */
export function waitingResult(outcome: Parked, page: string | undefined): CallToolResult {
  const where = `${page === undefined ? "" : `at ${page} or `}at home: mh approvals show ${outcome.approval}`;
  const then = `Until ${outcome.expiresAt} the same call with the same arguments tells how it ended; nothing is done twice.`;
  return {
    ...refused(`Not done yet: it waits for the owner's approval, ${where}\n${then}`),
    _meta: { "mh/approval": { id: outcome.approval, expiresAt: outcome.expiresAt, ...(page && { page }) } },
  };
}

/** A result without an answer is an error to the client, which would look for the fields of one. */
export const refused = (text: string): CallToolResult => ({ content: [{ type: "text", text }], isError: true });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
