// Talking with a model: what is said is memory, and what is done is commands.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { chatCitationSchema, chatMadeSchema, chatSpentSchema, chatStepSchema } from "./values/chat-turn.ts";
import { layers } from "./values/effect.ts";
import { makesMemory, memoryFacts } from "./values/memory-facts.ts";

const chatId = () => z.string().describe("Id of the chat, or a beginning or an end of it that fits no other");
const titleSchema = () => z.string().trim().min(1).max(200);
const wordsSchema = () => z.string().trim().min(1).max(100_000);
const idShown = "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17";

/** What the log knows of one call of a turn. */
export const chatActSchema = once(() =>
  z.strictObject({
    command: z.string().describe("Its id: `mh why` explains it"),
    skill: z.string().describe("What it used"),
    status: z
      .enum(["begun", "done", "failed", "interrupted", "denied", "waiting", "refused", "expired"])
      .describe("How it ended; `waiting` for the owner's approval"),
    changes: z.boolean().describe("It changes or sends something; false where it only reads"),
  }),
);
export type ChatAct = z.infer<ReturnType<typeof chatActSchema>>;

/** Why a call of a turn was not simply done. */
const refusalSchema = once(() =>
  z.strictObject({
    command: z.string(),
    skill: z.string(),
    status: z.enum(["denied", "waiting"]),
    layer: z.enum(layers),
    reason: z.string(),
    rules: z.array(z.string()).describe("The rules that decided"),
    approval: z.string().nullable().describe("The request that waits; null where nothing does"),
    mayAskInstead: z.boolean().describe("`mh approvals ask-instead` makes a rule of the owner's ask for it"),
  }),
);

/** A memory that an answer rests on. */
const sourceSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the memory"),
    at: z.string().describe("When it was told, ISO 8601"),
    text: z.string().describe("How it begins"),
    origins: z.array(z.string()).describe("Whose words they are"),
    isCited: z.boolean().describe("The answer names it by its id"),
  }),
);

const ends = ["answered", "cut", "steered", "no-model", "guard", "failed"] as const;

export const chatMessageSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the memory that holds it"),
    at: z.string().describe("ISO 8601"),
    by: z.enum(["owner", "chat"]).describe("Who said it"),
    text: z.string(),
    origins: z.array(z.string()).describe("Whose words they are"),
    turn: z.string().nullable().describe("Of an answer, id of the turn that gave it"),
    acts: z.array(chatActSchema()).describe("Of an answer, what the log knows of its calls"),
    cited: z.array(z.string()).describe("Of an answer, ids of the memories that it names"),
  }),
);
export type ChatMessage = z.infer<ReturnType<typeof chatMessageSchema>>;

/** A message as it is shown: with what an answer rests on, and how it came about. */
const shownMessageSchema = once(() =>
  chatMessageSchema().extend({
    citations: z.array(chatCitationSchema()).describe("Its sentences that rest on memories, in order"),
    sources: z
      .array(sourceSchema())
      .describe("The memories that were read for it and are still there, those first that it names"),
    model: z.string().nullable().describe("The model that wrote it; null where none did, or that is no longer known"),
    end: z.enum(ends).nullable().describe("How its turn ended; null where that is no longer known"),
    made: chatMadeSchema().nullable().describe("How it came about; null where that is no longer kept"),
  }),
);
export type ShownMessage = z.infer<ReturnType<typeof shownMessageSchema>>;

/** A turn that is under way. */
const underWaySchema = once(() =>
  z.strictObject({
    turn: z.string().describe("Id of its run: who waits for that reads what is written"),
    begunAt: z.string().describe("ISO 8601"),
    doing: z.string().describe("The skill that it uses now; empty while the model writes"),
    steps: z.array(chatStepSchema()).describe("What was written and called so far"),
    acts: z.array(chatActSchema()).describe("What the log knows of its calls"),
    spent: chatSpentSchema(),
  }),
);
export type ChatUnderWay = z.infer<ReturnType<typeof underWaySchema>>;

/** What came to no answer. */
const unansweredSchema = once(() =>
  z.strictObject({
    turn: z.string().nullable().describe("Id of the turn; null where none was begun"),
    end: z
      .enum(["guard", "failed", "cut-off", "waiting"])
      .describe("Why; `cut-off`: it was stopped, or broke off; `waiting`: what it asked for waits for the owner"),
    text: z.string().describe("What it says of that"),
    acts: z
      .array(chatActSchema())
      .describe("What the log knows of its calls, a model elsewhere that waits for approval with them"),
  }),
);

const chatView = once(() => ({
  id: z.string(),
  title: z.string().nullable().describe("Its name, or how it begins; null where nothing was said yet"),
  begunAt: z.string().describe("ISO 8601"),
  forkedFrom: z.string().nullable().describe("Id of the chat that it begins as"),
  isPinned: z.boolean().describe("The owner keeps it at the head of the list"),
}));

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

export const chatPin = defineContract({
  name: "chat.pin",
  kind: "own",
  title: "Keep a chat at the head of the list",
  input: () =>
    z.strictObject({
      chat: chatId(),
      isPinned: z.boolean().default(true).describe("False lets it back into the list"),
    }),
  output: () => z.strictObject({ id: z.string().describe("Whole id of the chat") }),
  examples: [{ title: "Pin it", args: { chat: idShown } }],
  event: "chat.pinned",
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
        .array(z.strictObject({ ...chatView(), messages: z.number().int(), lastAt: z.string().describe("ISO 8601") }))
        .describe("Pinned ones first, then the one that was last spoken in"),
    }),
  examples: [{ title: "The latest", args: {} }],
});

export const chatShow = defineContract({
  name: "chat.show",
  kind: "query",
  title: "Show what was said in a chat",
  input: () =>
    z.strictObject({
      chat: chatId(),
      limit: z.number().int().min(1).max(1_000).optional().describe("How many of the last messages; left out, all"),
      before: z.string().optional().describe("Only messages before the one with this id"),
    }),
  output: () =>
    z.strictObject({
      ...chatView(),
      messages: z.array(shownMessageSchema()).describe("The earliest first; of a fork, those before it as well"),
      earlier: z.number().int().describe("How many messages come before these"),
      underWay: underWaySchema().nullable().describe("The turn that works on an answer now"),
      unanswered: unansweredSchema().nullable().describe("What came to no answer, after the last message"),
    }),
  examples: [
    { title: "A whole chat", args: { chat: idShown } },
    { title: "The end of it", args: { chat: idShown, limit: 20 } },
  ],
  provenance: memoryFacts("messages."),
});

export const chatSearch = defineContract({
  name: "chat.search",
  kind: "query",
  title: "Find what was said in chats",
  input: () =>
    z.strictObject({
      q: z.string().trim().min(1).max(500).describe("Words; the last may be the beginning of one"),
      limit: z.number().int().min(1).max(200).default(30).describe("How many messages at most"),
    }),
  output: () =>
    z.strictObject({
      found: z
        .array(
          z.strictObject({
            chat: z.string().describe("Id of the chat"),
            title: z.string().nullable(),
            message: z.string().nullable().describe("Id of the message; null where the chat's name has the words"),
            at: z.string().describe("ISO 8601"),
            by: z.enum(["owner", "chat"]).describe("Who said it"),
            text: z.string().describe("A piece of it, with the words"),
            origins: z.array(z.string()).describe("Whose words they are"),
          }),
        )
        .describe("By name first, then the latest messages"),
    }),
  examples: [{ title: "All that was said of Lisbon", args: { q: "Lisbon" } }],
  provenance: { origins: "found.origins", writers: "anyone", private: true },
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
  output: () =>
    z.strictObject({ id: z.string().describe("Id of the memory"), chat: z.string().describe("Whole id of the chat") }),
  examples: [{ title: "A question", args: { chat: idShown, text: "What did Sarah say about the offer?" } }],
  event: "chat.kept",
  subjects: { memory: "id", chat: "chat" },
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
        .enum(ends)
        .describe(
          "`cut`: at the most that a model may write; `steered`: a turn that was under way took it up; `guard`: it would not come to an end; `failed`: the model did",
        ),
      acts: z.array(chatActSchema()).describe("What the log knows of what was done, whatever the answer claims"),
      refusals: z.array(refusalSchema()).describe("What was denied, or waits for the owner"),
      sources: z.array(sourceSchema()).describe("The memories that were read for it, those first that it names"),
      citations: z.array(chatCitationSchema()).describe("Sentences of the answer that rest on memories, in order"),
      made: chatMadeSchema().describe("How it came about"),
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
