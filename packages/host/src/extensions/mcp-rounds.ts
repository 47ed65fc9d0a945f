import { askedPartSchema } from "@mh/contract/values/question.ts";
import { elicitResult, readQuestion } from "@mh/core/extensions/mcp-question.ts";
import type { ToolAnswer, ToolCall, ToolQuestion } from "@mh/core/extensions/mcp-tool.ts";
import { z } from "zod";
import type { CallEnd, McpConnection } from "./mcp-connection.ts";

/** How often one call may ask. */
const roundsMax = 8;
const stateMax = 64 * 1024;

/** What leads back to a call that asked. */
const stateSchema = z.strictObject({
  round: z.number().int(),
  parts: z.array(askedPartSchema().pick({ key: true, url: true })),
  requestState: z.string().optional(),
  held: z.string().optional(),
});

/**
 * Calls a tool, or goes on with the call that asked, until it answers or asks again. A server of the newer revision is
 * called again with the answers and with what it gave to be handed back; one of the older waits in the middle of the call.
 */
export async function callUntilAsked(
  connection: McpConnection,
  { tool, args, signal, progress, answered }: ToolCall,
  holdMs: number,
): Promise<ToolAnswer | ToolQuestion> {
  const calling = { signal, holdMs, onProgress: progress };
  const state = answered && stateSchema.parse(JSON.parse(answered.state));
  const responses = Object.fromEntries(
    (state?.parts ?? []).map((part) => [part.key, answered && elicitResult(answered, part)]),
  );
  let end: CallEnd;
  if (state?.held !== undefined) {
    const resumed = connection.resume(state.held, Object.values(responses)[0], calling);
    if (!resumed) throw new Error("it no longer waits for your answer: it has been started anew since it asked");
    end = await resumed;
  } else {
    const answers = state && { responses, requestState: state.requestState };
    end = await connection.call(tool.tool, args, calling, answers);
  }
  for (let round = (state?.round ?? 0) + 1; "asked" in end; round += 1) {
    if (round > roundsMax) throw new Error(`it asked ${roundsMax} times, and still does not answer`);
    const { requests, requestState, held } = end.asked;
    const parts = readQuestion(requests);
    if (parts.length > 0) {
      const asked = parts.map(({ key, url }) => ({ key, ...(url !== undefined && { url }) }));
      const next = JSON.stringify({ round, parts: asked, requestState, held });
      if (next.length > stateMax) throw new Error("it gave more to be handed back than can be kept");
      return { parts, state: next };
    }
    // It asks for nothing but to be called again.
    end = await connection.call(tool.tool, args, calling, { responses: {}, requestState });
  }
  return end.answer;
}
