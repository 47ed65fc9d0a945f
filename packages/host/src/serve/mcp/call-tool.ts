import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Progress } from "@mh/contract/wire/progress.ts";
import { isNestedTooDeep, nestingMax } from "@mh/core/model/nesting.ts";
import { skillOf } from "@mh/core/tools/tool-name.ts";
import {
  type CallToolRequest,
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { DoorCall, McpDoor } from "./door.ts";
import { refused, resultOf, waitingResult } from "./results.ts";

export interface CallDeps {
  door: McpDoor;
  /** How long a client that has shown the owner the page waits for the answer in one round. */
  patienceMs: number;
  /** Whether the client of this request can show the owner a page. */
  canOpenPages: (context: ServerContext) => boolean;
}

const wanted = "approval";

/** Does what a client asks: one command through the gate. What waits for the owner says so, and where the owner answers. */
export async function callTool(
  { door, patienceMs, canOpenPages }: CallDeps,
  { params }: CallToolRequest,
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const skill = skillOf(params.name);
  if (skill === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no tool of that name.");
  const args = params.arguments ?? {};
  if (isNestedTooDeep(args)) return refused(`The arguments are nested deeper than ${nestingMax} levels.`);
  const { signal } = context.mcpReq;
  const call: DoorCall = { skill, args, signal, onProgress: reporter(context) };
  const shown = answerIn(context.mcpReq.inputResponses);
  const outcome = shown === "accept" ? await actOnceAnswered(door, call, patienceMs) : await door.act(call);
  if (outcome.status !== "parked") return resultOf(outcome);
  const page = door.approvalPage(outcome.approval);
  const isToBeShown = shown === undefined || shown === "accept";
  if (page === undefined || !isToBeShown || !canOpenPages(context)) return waitingResult(outcome, page);
  const message = `${skill} waits for your approval. Open the page to see all of it and to answer.`;
  return inputRequired({ inputRequests: { [wanted]: inputRequired.elicitUrl({ message, url: page }) } });
}

/** What the client says of the page that it was to show; it says nothing of the owner's answer, which only the owner gives. */
function answerIn(responses: Record<string, unknown> | undefined): string | undefined {
  const { action } = (responses?.[wanted] ?? {}) as { action?: unknown };
  return typeof action === "string" ? action : undefined;
}

/** The owner has the page before them: waits a little for the answer, rather than have the client ask in a loop. */
async function actOnceAnswered(door: McpDoor, call: DoorCall, patienceMs: number): Promise<Outcome> {
  // Watched before it is asked: an answer between the two would be missed.
  await using answers = door.watchAnswers();
  const outcome = await door.act(call);
  if (outcome.status !== "parked") return outcome;
  await answers.answered(outcome.approval, AbortSignal.any([call.signal, AbortSignal.timeout(patienceMs)]));
  return call.signal.aborted ? outcome : await door.act(call);
}

/** Tells a client that wants to hear it how far the run is. Progress only ever rises, whatever the run says. */
function reporter({ mcpReq }: ServerContext): ((progress: Progress) => void) | undefined {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let last = -1;
  return ({ done, total, unit, note }) => {
    if (done <= last) return;
    last = done;
    const message = [note, unit].filter(Boolean).join(", ");
    const params = { progressToken, progress: done, ...(total !== null && { total }), ...(message && { message }) };
    // A client that has gone hears nothing; its call ends by the signal.
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}
