import type { Asked, Piece, Reply } from "./script.ts";
import { halves, isCall, roleOf, sse, type Wire } from "./wire.ts";

type Part = { type: string; text?: string; content?: string | Part[] };
interface Body {
  model: string;
  system?: string | Part[];
  messages: { role: string; content: string | Part[] }[];
  tools?: { name: string; input_schema?: unknown }[];
  tool_choice?: { name?: string };
  output_config?: { format?: { schema?: unknown } };
  max_tokens: number;
}

const event = (data: { type: string; [key: string]: unknown }): string => sse(data, data.type);
/** The tool by which the SDK has models write JSON that know no other way. */
const jsonTool = "json";

/** https://docs.claude.com/en/docs/build-with-claude/streaming */
export const anthropicWire: Wire = {
  type: "text/event-stream",
  asked(given) {
    const { model, system, messages, tools = [], tool_choice, output_config, max_tokens } = given as Body;
    const told = textOf(system ?? "");
    const forced = tools.find(({ name }) => name === jsonTool && tool_choice !== undefined);
    return {
      model,
      messages: [...(told ? [{ role: "system" as const, text: told }] : []), ...messages.flatMap(messagesOf)],
      tools: tools.map(({ name }) => name),
      schema: forced?.input_schema ?? output_config?.format?.schema,
      tokensMax: max_tokens,
    };
  },
  begin: ({ model }, { usage }) => {
    const message = { id: "msg_1", type: "message", role: "assistant", model, content: [] };
    const counts = { input_tokens: usage?.input ?? 0, output_tokens: 1 };
    return [
      event({ type: "message_start", message: { ...message, stop_reason: null, stop_sequence: null, usage: counts } }),
      event({ type: "ping" }),
    ];
  },
  piece(given, index, asked) {
    const piece = asJson(given, asked);
    const [first, second] = halves(isCall(piece) ? piece.args : "thought" in piece ? piece.thought : piece.text);
    const delta = (more: object) => event({ type: "content_block_delta", index, delta: more });
    const deltas = [first, second].map((text) => {
      if (isCall(piece)) return delta({ type: "input_json_delta", partial_json: text });
      return delta("thought" in piece ? { type: "thinking_delta", thinking: text } : { type: "text_delta", text });
    });
    const block = isCall(piece)
      ? { type: "tool_use", id: `toolu_${index}`, name: piece.call, input: {} }
      : "thought" in piece
        ? { type: "thinking", thinking: "", signature: "" }
        : { type: "text", text: "" };
    return [
      event({ type: "content_block_start", index, content_block: block }),
      ...deltas,
      event({ type: "content_block_stop", index }),
    ];
  },
  end: (_asked, reply) => [
    event({
      type: "message_delta",
      delta: { stop_reason: reasonOf(reply), stop_sequence: null },
      usage: { output_tokens: reply.usage?.output ?? 0 },
    }),
    event({ type: "message_stop" }),
  ],
  error: () => event({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
  refusal: () => ({ type: "error", error: { type: "invalid_request_error", message: "it went wrong" } }),
  embedded: () => undefined,
  models: (names) => ({
    data: names.map((id) => ({ type: "model", id, display_name: id, created_at: "2026-01-01T00:00:00Z" })),
    ...{ has_more: false, first_id: names[0] ?? null, last_id: names.at(-1) ?? null },
  }),
};

function messagesOf({ role, content }: Body["messages"][number]): Asked["messages"][number][] {
  if (typeof content === "string") return [{ role: roleOf(role), text: content }];
  const results = content.filter(({ type }) => type === "tool_result");
  if (results.length > 0) return results.map((part) => ({ role: "tool", text: textOf(part.content ?? "") }));
  return [{ role: roleOf(role), text: textOf(content) }];
}

const textOf = (content: string | Part[]): string =>
  typeof content === "string" ? content : content.map(({ text = "" }) => text).join("");

/** Where it was told to write JSON by calling a tool, its text is that tool's argument. */
function asJson(piece: Piece, { tools, schema }: Asked): Piece {
  const isTold = schema !== undefined && tools.includes(jsonTool) && "text" in piece;
  return isTold ? { call: jsonTool, args: piece.text } : piece;
}

function reasonOf({ isCut, pieces }: Reply): string {
  if (isCut) return "max_tokens";
  return pieces.some(isCall) ? "tool_use" : "end_turn";
}
