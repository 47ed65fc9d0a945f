import type { Reply } from "./script.ts";
import { halves, isCall, roleOf, sse, type Wire } from "./wire.ts";

interface Body {
  model: string;
  messages: { role: string; content?: string | { text?: string }[] | null }[];
  tools?: { function: { name: string } }[];
  response_format?: { json_schema?: { schema: unknown } };
  max_tokens?: number;
  max_completion_tokens?: number;
}

const chunk = (model: string, delta: unknown, finish_reason: string | null = null): string =>
  sse({
    ...{ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_772_442_000, model },
    choices: [{ index: 0, delta, finish_reason }],
  });

/** https://platform.openai.com/docs/api-reference/chat-streaming; `reasoning_content` as other servers add it. */
export const openAiWire: Wire = {
  type: "text/event-stream",
  asked(given) {
    const { model, messages, tools = [], response_format, max_tokens, max_completion_tokens } = given as Body;
    return {
      model,
      messages: messages.map(({ role, content }) => ({ role: roleOf(role), text: textOf(content) })),
      tools: tools.map((tool) => tool.function.name),
      schema: response_format?.json_schema?.schema,
      tokensMax: max_tokens ?? max_completion_tokens,
    };
  },
  begin: ({ model }) => [chunk(model, { role: "assistant", content: "" })],
  piece(piece, index, { model }) {
    if ("thought" in piece) return [chunk(model, { reasoning_content: piece.thought })];
    if (!isCall(piece)) return [chunk(model, { content: piece.text })];
    const [first, second] = halves(piece.args);
    const called = (more: object) => chunk(model, { tool_calls: [{ index, ...more }] });
    return [
      called({ id: `call_${index}`, type: "function", function: { name: piece.call, arguments: "" } }),
      called({ function: { arguments: first } }),
      called({ function: { arguments: second } }),
    ];
  },
  end({ model }, reply) {
    const { usage } = reply;
    const counts = usage && { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: 19 };
    const last = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_772_442_000, model, choices: [] };
    return [chunk(model, {}, reasonOf(reply)), ...(counts ? [sse({ ...last, usage: counts })] : []), sse("[DONE]")];
  },
  error: () => sse({ error: { message: "The server had an error while it answered", type: "server_error" } }),
  refusal: () => ({ error: { message: "it went wrong", type: "invalid_request_error", param: null, code: null } }),
  embedded: (vectors, model) => ({
    ...{ object: "list", model, usage: { prompt_tokens: 3, total_tokens: 3 } },
    data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
  }),
  models: (names) => ({ object: "list", data: names.map((id) => ({ id, object: "model", owned_by: "scripted" })) }),
};

const textOf = (content: Body["messages"][number]["content"]): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text = "" }) => text).join("");

function reasonOf({ isCut, pieces }: Reply): string {
  if (isCut) return "length";
  return pieces.some(isCall) ? "tool_calls" : "stop";
}
