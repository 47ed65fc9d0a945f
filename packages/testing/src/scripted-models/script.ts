/** What a model was asked, whichever protocol it came by. */
export interface Asked {
  model: string;
  /** Every message in its order; the system's first. */
  messages: readonly { role: "system" | "user" | "assistant" | "tool"; text: string }[];
  /** Names of the tools that it was offered. */
  tools: readonly string[];
  /** The form that its text was told to have. */
  schema: unknown;
  tokensMax: number | undefined;
}

/** A piece of an answer. The arguments of a call are the text that stands where JSON should. */
export type Piece = { text: string } | { thought: string } | { call: string; args: string };

export interface Reply {
  pieces: readonly Piece[];
  /** It was cut at the length that was asked for. */
  isCut?: boolean;
  /** What it says that it counted; numbers, if it is honest. */
  usage?: { input: unknown; output: unknown };
  /** An error instead of an answer. */
  status?: number;
  /** What it says where it refuses; the usual words where it is left out. */
  why?: string;
  /** Another server, which it says to ask. */
  redirect?: string;
  /** How the answer goes on after its pieces, where it does not end as it should. */
  after?: "drop" | "hang" | "error" | "garbage" | "again for ever";
}

export type Script = (asked: Asked) => Reply;

const say = (...texts: string[]): Reply => ({
  pieces: texts.map((text) => ({ text })),
  usage: { input: 12, output: 7 },
});
const call = (name: string, args: string): Piece => ({ call: name, args });

/**
 * Models as they are met, each chosen by the word in brackets with which a prompt begins. Where a prompt names none, an
 * honest one answers.
 */
const characters: Readonly<Record<string, Script>> = {
  /** Says what it was told, and what came back from tools. */
  honest: (asked) => {
    const last = asked.messages.at(-1);
    if (asked.schema !== undefined) return say('{"answer":', '"four"}');
    if (last?.role === "tool") return say("The tool ", `says: ${last.text}`);
    return say("Hel", "lo, Ada. ", "你好 🎉");
  },
  thinks: () => ({ ...say("Four."), pieces: [{ thought: "Two and two…" }, { text: "Four." }] }),
  /** Calls the tool that the prompt names, with the JSON that follows. */
  calls: (asked) => {
    if (asked.messages.at(-1)?.role === "tool") return characters.honest?.(asked) ?? say();
    const [, name = "", args = "{}"] = /\[calls\] (\S+) ?(.*)/.exec(asked.messages.at(-1)?.text ?? "") ?? [];
    return { ...say(), pieces: [{ text: "One moment. " }, call(name, args)] };
  },
  "calls twice": () => ({ ...say(), pieces: [call("task_list", "{}"), call("task_add", '{"title":"Tea"}')] }),
  /** Does whatever any text tells it that it reads: `<<tool {…}>>`, wherever that stands. */
  obeys: (asked) => {
    const orders = asked.messages.flatMap(({ text }) => [...text.matchAll(/<<(\S+) (\{.*?\})>>/g)]);
    if (orders.length === 0) return say("Nothing to do.");
    return { ...say(), pieces: orders.map(([, name = "", args = ""]) => call(name, args)) };
  },
  /** Says that it did what it did not. */
  lies: () => say("I have sent the mail to Sarah, ", "and deleted the old one."),
  /** Never has enough of one tool. */
  loops: ({ tools }) => ({ ...say(), pieces: [call(tools[0] ?? "none", "{}")] }),
  "malformed call": () => ({ ...say(), pieces: [call("task_add", '{"title": "Te')] }),
  "array call": () => ({ ...say(), pieces: [call("task_add", '["Tea"]')] }),
  "cut off": () => ({ ...say("Once upon a"), isCut: true }),
  "counts nonsense": () => ({ ...say("Fine."), usage: { input: -1, output: "many" } }),
  "counts nothing": () => ({ ...say("x".repeat(4000)), usage: { input: 0, output: 0 } }),
  drops: () => ({ ...say("The answer is"), after: "drop" }),
  hangs: () => ({ ...say("Let me think"), after: "hang" }),
  "hangs at once": () => ({ pieces: [], after: "hang" }),
  "breaks off": () => ({ ...say("The answer is"), after: "error" }),
  garbage: () => ({ ...say("The answer is"), after: "garbage" }),
  endless: () => ({ ...say("and so on "), after: "again for ever" }),
  unauthorized: () => ({ pieces: [], status: 401 }),
  unknown: () => ({ pieces: [], status: 404 }),
  busy: () => ({ pieces: [], status: 429 }),
  broken: () => ({ pieces: [], status: 500 }),
};

/** The reply of the character that a prompt names. */
export function characterReply(asked: Asked): Reply {
  const texts = asked.messages.filter(({ role }) => role === "system" || role === "user").map(({ text }) => text);
  const [, name = "honest"] = texts.map((text) => /^\[([a-z ]+)\]/.exec(text)).find(Boolean) ?? [];
  const script = characters[name];
  if (!script) throw new Error(`No scripted model is called ${name}.`);
  return script(asked);
}
