import { isCall, roleOf, type Wire } from "./wire.ts";

interface Body {
  model: string;
  messages: { role: string; content?: string }[];
  tools?: { function: { name: string } }[];
  format?: unknown;
  options?: { num_predict?: number };
}

const at = "2026-03-02T09:00:00.000000Z";
const line = (data: unknown): string => `${JSON.stringify(data)}\n`;

/** https://docs.ollama.com/api */
export const ollamaWire: Wire = {
  type: "application/x-ndjson",
  asked(given) {
    const { model, messages, tools = [], format, options } = given as Body;
    return {
      model,
      messages: messages.map(({ role, content = "" }) => ({ role: roleOf(role), text: content })),
      tools: tools.map((tool) => tool.function.name),
      schema: format,
      tokensMax: options?.num_predict,
    };
  },
  begin: () => [],
  piece(piece, _index, { model }) {
    const message = isCall(piece)
      ? {
          role: "assistant",
          content: "",
          tool_calls: [{ function: { name: piece.call, arguments: jsonOf(piece.args) } }],
        }
      : "thought" in piece
        ? { role: "assistant", content: "", thinking: piece.thought }
        : { role: "assistant", content: piece.text };
    return [line({ model, created_at: at, message, done: false })];
  },
  end({ model }, { isCut, usage }) {
    const counts = usage && { prompt_eval_count: usage.input, eval_count: usage.output };
    const message = { role: "assistant", content: "" };
    return [line({ model, created_at: at, message, done: true, done_reason: isCut ? "length" : "stop", ...counts })];
  },
  error: () => line({ error: "llama runner process has terminated" }),
  refusal: (status) => ({
    error: status === 404 ? 'model "scripted" not found, try pulling it first' : "it went wrong",
  }),
  embedded: (vectors, model) => ({ model, embeddings: vectors, prompt_eval_count: 3 }),
  models: (names) => ({ models: names.map((name) => ({ name, model: name, modified_at: at, size: 1_000_000 })) }),
};

/** Ollama reads a call itself, and hands out what it could read. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
