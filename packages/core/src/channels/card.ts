import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { shortId } from "../model/short-id.ts";

export type ApprovalShown = ValueFor<"approval.show">;

/**
 * Why a request is answered at the page or the machine only; undefined where the phone may approve it. What cannot be undone
 * shows its effects for good, so that it is read whole on a screen of one's own.
 */
export function whyNotHere({ command, undo, card, facts }: ApprovalShown): string | undefined {
  const { effect, risk } = facts;
  if (!command || effect === null) return "what it asks for is not known here any more";
  if (risk === "high") return "its risk is high";
  if (effect === "spend") return "it spends money";
  if (effect === "destroy" || effect === "admin") return "it cannot be taken back";
  if (card) return card.screen.includes("CANNOT BE UNDONE  nothing") ? undefined : "not all of its steps can be undone";
  // What only reads, or tells the owner something, leaves nothing to undo.
  if (undo === null && !["read", "fetch", "notify"].includes(effect)) return "it cannot be undone";
  if (command.steered && command.steered.length > 0) return "a value in it is not yours";
  return undefined;
}

/** An approval request as a text: the same lines as on a terminal, and every one whole. */
export function cardText(shown: ApprovalShown, facts: { until: string; why: string | undefined }): string {
  const { approval, title, shown: lines, card, hash } = shown;
  const short = shortId(approval.id);
  const body = lines.map(({ label, text }) => `${label}: ${text.replaceAll("\n", "\n    ")}`);
  return [
    `APPROVAL REQUEST  ${visible(title)}`,
    ...(card ? [...card.screen, ...card.page] : []),
    ...body,
    `${short}, until ${facts.until}, payload ${hash.slice(0, 12)}`,
    ...(facts.why === undefined ? [] : [`It is not approved from here, for ${facts.why}: mh approvals show ${short}`]),
  ].join("\n");
}
