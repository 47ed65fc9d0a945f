import type { ModelCall, ModelMessage, ModelTool } from "../ports/model.ts";

/** What a model that cannot call tools is asked for instead: what it says, and what it wants called, in one form. */
export const answerForm = (tools: readonly ModelTool[]) => ({
  type: "object",
  properties: {
    say: { type: "string", description: "The answer; empty where something is to be called first" },
    calls: {
      type: "array",
      items: {
        type: "object",
        properties: { name: { enum: tools.map(({ name }) => name) }, args: { type: "object" } },
        required: ["name", "args"],
      },
    },
  },
  required: ["say", "calls"],
});

/** A conversation without tools: the prompt lists them, and their results are text. */
export function withoutTools(messages: readonly ModelMessage[], tools: readonly ModelTool[]): ModelMessage[] {
  const listed = tools.map(({ name, description, input }) => `${name}: ${description} ${JSON.stringify(input)}`);
  const how = `Answer with JSON: {"say": your answer, "calls": [{"name", "args"}]}. What can be called:\n${listed.join("\n")}`;
  return messages.map((message): ModelMessage => {
    switch (message.role) {
      case "system":
        return { role: "system", text: `${message.text}\n\n${how}` };
      case "assistant":
        return { role: "assistant", text: JSON.stringify({ say: message.text, calls: message.calls ?? [] }) };
      case "tool":
        return { role: "user", text: `[mh] ${message.name} gave: ${message.text}` };
      default:
        return message;
    }
  });
}

/** What stands in a form; a text that is none is an answer. */
export function readForm(text: string): { text: string; calls: ModelCall[] } {
  const form = parsed(text);
  if (typeof form !== "object" || form === null || Array.isArray(form)) return { text, calls: [] };
  const { say, calls } = form as { say?: unknown; calls?: unknown };
  const wanted = Array.isArray(calls) ? calls : [];
  return {
    text: typeof say === "string" ? say : "",
    calls: wanted.flatMap((each: { name?: unknown; args?: unknown } | null, n) =>
      typeof each?.name === "string" && typeof each.args === "object" && each.args !== null && !Array.isArray(each.args)
        ? [{ id: `form-${n}`, name: each.name, args: each.args as Record<string, unknown> }]
        : [],
    ),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
