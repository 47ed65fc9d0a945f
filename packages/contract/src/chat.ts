// Talking with a model: what is said is memory, and what is done is commands.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { layers } from "./values/effect.ts";
import { makesMemory, memoryFacts } from "./values/memory-facts.ts";

const chatId = () => z.string().describe("Id of the chat, or a beginning or an end of it that fits no other");
const titleSchema = () => z.string().trim().min(1).max(200);
const wordsSchema = () => z.string().trim().min(1).max(100_000);
const idShown = "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17";

/** What the log knows of one call of a turn. */
export const chatActSchema = z.strictObject({
  command: z.string().describe("Its id: `mh why` explains it"),
  skill: z.string().describe("What it used"),
  status: z
    .enum(["begun", "done", "failed", "interrupted", "denied", "waiting", "refused", "expired"])
    .describe("How it ended; `waiting` for the owner's approval"),
  changes: z.boolean().describe("It changes or sends something; false where it only reads"),
});
export type ChatAct = z.infer<typeof chatActSchema>;

/** Why a call of a turn was not simply done. */
const refusalSchema = z.strictObject({
  command: z.string(),
  skill: z.string(),
  status: z.enum(["denied", "waiting"]),
  layer: z.enum(layers),
  reason: z.string(),
  rules: z.array(z.string()).describe("The rules that decided"),
  approval: z.string().nullable().describe("The request that waits; null where nothing does"),
  mayAskInstead: z.boolean().describe("`mh approvals ask-instead` makes a rule of the owner's ask for it"),
});

/** A memory that an answer rests on. */
const sourceSchema = z.strictObject({
  id: z.string().describe("Id of the memory"),
  at: z.string().describe("When it was told, ISO 8601"),
  text: z.string().describe("How it begins"),
  origins: z.array(z.string()).describe("Whose words they are"),
  isCited: z.boolean().describe("The answer names it by its id"),
});

export const chatMessageSchema = z.strictObject({
  id: z.string().describe("Id of the memory that holds it"),
  at: z.string().describe("ISO 8601"),
  by: z.enum(["owner", "chat"]).describe("Who said it"),
  text: z.string(),
  origins: z.array(z.string()).describe("Whose words they are"),
  turn: z.string().nullable().describe("Of an answer, id of the turn that gave it"),
  acts: z.array(chatActSchema).describe("Of an answer, what the log knows of its calls"),
  cited: z.array(z.string()).describe("Of an answer, ids of the memories that it names"),
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

const chatView = {
  id: z.string(),
  title: z.string().nullable().describe("Its name, or how it begins; null where nothing was said yet"),
  begunAt: z.string().describe("ISO 8601"),
  forkedFrom: z.string().nullable().describe("Id of the chat that it begins as"),
};

export const chatStart = defineContract({
  name: "chat.start",
  kind: "own",
  title: "Begin a chat",
  input: () => z.strictObject({ title: titleSchema().optional().describe("Its name; left out, how it begins") }),
  output: () => z.strictObject({ id: z.string().describe("Id of the chat") }),
  examples: [{ title: "Begin one", args: {} }],
  event: "chat.started",
  subjects: { chat: "id" },
  undo: null,
});

export const chatRename = defineContract({
  name: "chat.rename",
  kind: "own",
  title: "Give a chat a name",
  input: () => z.strictObject({ chat: chatId(), title: titleSchema().describe("Its name from now on") }),
  output: () => z.strictObject({ id: z.string().describe("Whole id of the chat") }),
  examples: [{ title: "Name it", args: { chat: idShown, title: "The trip to Lisbon" } }],
  event: "chat.renamed",
  subjects: { chat: "id" },
  undo: null,
});

export const chatFork = defineContract({
  name: "chat.fork",
  kind: "own",
  title: "Begin a chat as another one was up to some message",
  input: () =>
    z.strictObject({
      chat: chatId(),
      through: z.string().optional().describe("Id of the last message that it has; left out, the last there is"),
      title: titleSchema().optional().describe("Its name; left out, how it begins"),
    }),
  output: () => z.strictObject({ id: z.string().describe("Id of the new chat") }),
  examples: [{ title: "Go another way from here", args: { chat: idShown } }],
  event: "chat.forked",
  subjects: { chat: "id" },
  undo: null,
});

export const chatForget = defineContract({
  name: "chat.forget",
  kind: "own",
  title: "Forget a chat for good",
  input: () => z.strictObject({ chat: chatId() }),
  output: () =>
    z.strictObject({
      id: z.string().describe("Whole id of the chat"),
      messages: z.number().int().describe("How many of its messages were forgotten"),
    }),
  examples: [{ title: "Remove what was said in it, everywhere", args: { chat: idShown } }],
  pointers: { chat: "pinned" },
  event: "chat.forgotten",
  subjects: { chat: "id" },
  effects: ["destroy"],
  control: ["chat"],
  undo: null,
});

export const chatList = defineContract({
  name: "chat.list",
  kind: "query",
  title: "List chats",
  input: () => z.strictObject({ limit: z.number().int().min(1).max(500).default(50).describe("How many at most") }),
  output: () =>
    z.strictObject({
      chats: z
        .array(z.strictObject({ ...chatView, messages: z.number().int(), lastAt: z.string().describe("ISO 8601") }))
        .describe("The one that was last spoken in first"),
    }),
  examples: [{ title: "The latest", args: {} }],
});

export const chatShow = defineContract({
  name: "chat.show",
  kind: "query",
  title: "Show what was said in a chat",
  input: () => z.strictObject({ chat: chatId() }),
  output: () =>
    z.strictObject({
      ...chatView,
      messages: z.array(chatMessageSchema).describe("The earliest first; of a fork, those before it as well"),
    }),
  examples: [{ title: "A whole chat", args: { chat: idShown } }],
  provenance: memoryFacts("messages."),
});

/** Writes down what was said. A turn causes it; nobody but the owner does. */
export const chatKeep = defineContract({
  name: "chat.keep",
  kind: "own",
  title: "Keep what was said in a chat",
  input: () =>
    z.strictObject({
      chat: chatId(),
      text: wordsSchema().describe("What was said, word for word"),
      isAnswer: z.boolean().default(false).describe("The chat answered it; left out, the owner said it"),
      cited: z.array(z.string()).max(50).optional().describe("Of an answer, ids of the memories that it names"),
    }),
  output: () => z.strictObject({ id: z.string().describe("Id of the memory") }),
  examples: [{ title: "A question", args: { chat: idShown, text: "What did Sarah say about the offer?" } }],
  event: "chat.kept",
  subjects: { memory: "id" },
  provenance: makesMemory,
});

/** A turn: what the owner says, what is done for it, and the answer. It only reads by itself. */
export const chatSay = defineContract({
  name: "chat.say",
  kind: "outside",
  title: "Say something in a chat, and have it answered",
  input: () =>
    z.strictObject({
      chat: chatId(),
      text: wordsSchema()
        .optional()
        .describe(
          "What you say; left out, what waits for an answer, or what was approved since, is gone on with, and nothing done twice",
        ),
    }),
  output: () =>
    z.strictObject({
      chat: z.string().describe("Whole id of the chat"),
      message: z.string().describe("Id of the memory that holds what was said"),
      answer: z.string().nullable().describe("Id of the memory that holds the answer; null where it had no words"),
      text: z.string().describe("The answer"),
      model: z.string().nullable().describe("The model that wrote it; null where none did"),
      end: z
        .enum(["answered", "cut", "steered", "no-model", "guard", "failed"])
        .describe(
          "`cut`: at the most that a model may write; `steered`: a turn that was under way took it up; `guard`: it would not come to an end; `failed`: the model did",
        ),
      acts: z.array(chatActSchema).describe("What the log knows of what was done, whatever the answer claims"),
      refusals: z.array(refusalSchema).describe("What was denied, or waits for the owner"),
      sources: z.array(sourceSchema).describe("The memories that were read for it, those first that it names"),
    }),
  examples: [{ title: "A question", args: { chat: idShown, text: "What did Sarah say about the offer?" } }],
  effects: ["read"],
  event: "chat.answered",
  subjects: { chat: "chat", memory: "answer" },
  retry: "safe",
});

export const chatAllow = defineContract({
  name: "chat.allow",
  kind: "admin",
  title: "Let the chat read, note and plan without asking for each skill's first use",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ skills: z.array(z.string()).describe("What it may use; what acts outside asks") }),
  examples: [{ title: "The usual skills", args: {} }],
  event: "chat.allowed",
  undo: "mh grant revoke",
});

export const chatTools = defineContract({
  name: "chat.tools",
  kind: "query",
  title: "Find skills by what is needed",
  input: () =>
    z.strictObject({
      need: z.string().min(1).max(500).describe("What is to be done, in a few words"),
      limit: z.number().int().min(1).max(20).default(8).describe("How many at most"),
    }),
  output: () =>
    z.strictObject({
      tools: z
        .array(z.strictObject({ name: z.string(), title: z.string() }))
        .describe("The one that fits best first; from now on they can be called"),
    }),
  examples: [{ title: "Something for calendars", args: { need: "put a date into the calendar" } }],
});
