import type { ApprovalRow } from "@mh/contract/values/approval.ts";
import { claimOf, isMadeFor } from "./buttons.ts";
import { type Came, type DeskDeps, idOfUpdate, stopFor } from "./came.ts";
import { type ApprovalShown, whyNotHere } from "./card.ts";
import { browserOf, type Paired } from "./paired.ts";
import type { PressWords } from "./words.ts";

/** Answers an approval request by a button, if it is one that this home made for just that, there, and in time. */
export async function answerPress(deps: DeskDeps, came: Came, paired: Paired, data: string): Promise<PressWords> {
  const claim = claimOf(data);
  if (!claim) return "button: not of this request";
  if (claim.verb === "stop") {
    if (!isMadeFor(deps, paired, data, "")) return "button: not of this request";
    await stopFor(deps, came, paired);
    return "stop";
  }
  const { verb, approval } = claim;
  const sql = "SELECT * FROM approvals WHERE id = ?";
  const row = deps.reader.prepare(sql).get(approval) as ApprovalRow | undefined;
  if (!row || !isMadeFor(deps, paired, data, row.object)) return "button: not of this request";
  const id = idOfUpdate(deps, came, "answer");
  if (row.status !== "open" && !isRepeat(deps, id)) return "button: answered before";
  if (claim.untilS * 1000 <= deps.clock.now()) {
    deps.showAgain(approval, paired.device.id);
    return "button: too old";
  }
  if (verb === "approve") return approve(deps, { id, approval, hash: row.object }, paired);
  const outcome = await deps.act({ id, principal: paired.principal, skill: "approval.deny", args: { id: approval } });
  return outcome.status === "done" ? "deny" : refused(outcome);
}

/** Whether a button was made here, for that device and a request that waits. It answers nothing. */
export function isOurButton(
  deps: Pick<DeskDeps, "reader" | "readObject" | "crypto" | "hmacKey">,
  device: string,
  data: string,
): boolean {
  const { reader, readObject } = deps;
  const claim = claimOf(data);
  const paired = claim && browserOf({ db: reader, readObject }, device);
  if (!claim || !paired) return false;
  if (claim.verb === "stop") return isMadeFor(deps, paired, data, "");
  const row = reader.prepare("SELECT object FROM approvals WHERE id = ? AND status = 'open'").get(claim.approval);
  return row !== undefined && isMadeFor(deps, paired, data, (row as Pick<ApprovalRow, "object">).object);
}

/** The same press came before, and was cut off after it had answered. */
const isRepeat = ({ reader }: DeskDeps, id: string): boolean =>
  reader.prepare("SELECT 1 FROM commands WHERE id = ? AND status = 'done'").get(id) !== undefined;

async function approve(
  deps: DeskDeps,
  { id, approval, hash }: { id: string; approval: string; hash: string },
  { principal }: Paired,
): Promise<PressWords> {
  if (!isRepeat(deps, id)) {
    const shown = await deps.act({ principal, skill: "approval.show", args: { id: approval } });
    if (shown.status !== "done") return refused(shown);
    if (whyNotHere(shown.value as ApprovalShown) !== undefined) return "button: only at the page";
  }
  const outcome = await deps.act({ id, principal, skill: "approval.approve", args: { id: approval, hash } });
  return outcome.status === "done" ? "approve" : refused(outcome);
}

const refused = (outcome: { status: string; fault?: { code: string } }): PressWords =>
  outcome.fault?.code === "approval.closed" ? "button: answered before" : "button: refused";
