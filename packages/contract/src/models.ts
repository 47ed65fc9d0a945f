import { z } from "zod";
import { defineContract, undoCommand } from "./contract.ts";
import { currencySchema } from "./values/currency.ts";
import {
  modelCallSchema,
  modelKinds,
  modelMessageSchema,
  modelNameSchema,
  modelReaches,
  modelToolSchema,
  modelViewSchema,
} from "./values/model.ts";

const name = () => modelNameSchema.describe("Its name in the settings");
const count = (what: string) => z.number().int().nonnegative().describe(what);

const serverUrl = (where: string) =>
  z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(where);
const keySecret = () => z.string().max(64).optional().describe("Name of the secret that holds its key");

/** The servers that the settings name, and their keys. */
const permissions = { hosts: ["settings"], secrets: ["settings"] };

/**
 * Asks a model. What becomes of the words depends on the model that will be used, and is judged as that: on this machine
 * (`local`), to another one (`send`), or to one that is paid (`spend`). Where no model is set up nothing is asked, and the
 * answer says so.
 */
export const llmGenerate = defineContract({
  name: "llm.generate",
  kind: "outside",
  title: "Ask a language model",
  input: () =>
    z.strictObject({
      messages: z.array(modelMessageSchema()).min(1).max(1_000).describe("The conversation, the earliest first"),
      tools: z
        .array(modelToolSchema())
        .max(200)
        .optional()
        .describe("Tools that it may want called; none is called here"),
      schema: z.record(z.string(), z.json()).optional().describe("JSON Schema that its text must have"),
      model: name()
        .optional()
        .describe("Just this one; left out, the first of the settings, and those after it where it fails"),
      tokensMax: z.number().int().min(1).max(100_000).default(1_000).describe("How much it may write"),
      temperature: z.number().min(0).max(2).optional().describe("0 for the likeliest words"),
    }),
  output: () =>
    z.strictObject({
      text: z.string().describe("What it wrote"),
      calls: z
        .array(modelCallSchema())
        .describe("Tools that it wants called: proposals; the gate judges each like any command"),
      badCalls: z
        .array(z.strictObject({ name: z.string(), text: z.string().describe("Its beginning, as it was written") }))
        .describe("Calls whose arguments are no JSON object"),
      reason: z.enum(["stop", "calls", "length", "refused"]).describe("Why it ended"),
      model: z
        .string()
        .nullable()
        .describe("Which model it was, by its name in the settings; null where none was asked"),
      isTemplate: z.boolean().describe("No model wrote this: it says what there is to say without one"),
      tokens: z.strictObject({ input: count("Read"), output: count("Written") }).describe("What it came to"),
      tried: z
        .array(z.strictObject({ model: z.string(), reason: z.string() }))
        .describe("Models before it that failed, and why"),
    }),
  examples: [
    { title: "A question", args: { messages: [{ role: "user", text: "What rhymes with gate?" }] } },
    {
      title: "An answer in a form",
      args: {
        messages: [{ role: "user", text: "Two and two?" }],
        schema: { type: "object", properties: { sum: { type: "number" } } },
      },
    },
  ],
  effects: ["read", "local", "send", "spend"],
  permissions,
  // Which models there are the owner's settings say, and where each leads is judged as scope. What a planner sends to a model
  // is written by nobody whose words vouch: none of it is looked for in the owner's.
  provenance: { content: ["messages", "tools", "schema"], writers: "anyone" },
  pointers: { model: "pinned" },
  retry: "safe",
  event: "llm.generated",
});

/**
 * Makes vectors of texts. By a model on this machine that is reading; by one on another the texts leave (`send`), or are
 * paid for (`spend`).
 */
export const llmEmbed = defineContract({
  name: "llm.embed",
  kind: "outside",
  title: "Make vectors of texts",
  input: () =>
    z.strictObject({
      texts: z.array(z.string().min(1).max(20_000)).min(1).max(128).describe("What to make vectors of"),
      model: name().describe("A model of the settings, or `use`: the sentence model that is installed beside mh"),
    }),
  output: () =>
    z.strictObject({
      model: z.string().describe("Which model it was, by its name in the settings"),
      dimension: count("Parts of each vector"),
      vectors: z.array(z.string()).describe("One for each text, in order: 32-bit floats, little-endian, base64"),
      tokens: count("What it came to"),
    }),
  examples: [{ title: "Two sentences", args: { model: "use", texts: ["The dog barks.", "A puppy is loud."] } }],
  effects: ["read", "send", "spend"],
  permissions,
  // As with `llm.generate`: what is sent to a model is nobody's order.
  provenance: { content: ["texts"], writers: "anyone" },
  pointers: { model: "pinned" },
  retry: "safe",
  event: "llm.embedded",
});

export const modelList = defineContract({
  name: "model.list",
  kind: "query",
  title: "List the models that the settings name",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      models: z.array(modelViewSchema()).describe("In the order in which they are tried"),
      cloud: z.boolean().describe("Models on other machines may be used"),
    }),
  examples: [{ title: "All of them", args: {} }],
});

/** What was found of a model by asking it. */
const tested = () => ({
  model: z.string().describe("Its name at the server"),
  text: z.string().describe("What it answered"),
  tokens: count("What that came to"),
});

export const modelTest = defineContract({
  name: "model.test",
  kind: "outside",
  title: "Try a model that the settings name",
  input: () => z.strictObject({ name: name() }),
  output: () => z.strictObject({ name: z.string().describe("Its name in the settings"), ...tested() }),
  examples: [{ title: "One of them", args: { name: "local" } }],
  effects: ["read", "local", "send", "spend"],
  permissions,
  control: ["name"],
  pointers: { name: "it asks what the settings name when it runs" },
  retry: "safe",
  event: "model.tested",
});

const candidate = () => ({
  name: name(),
  kind: z.enum(modelKinds).describe("How its server is spoken to"),
  model: z.string().min(1).max(200).describe("Its name at the server"),
  url: serverUrl("Where the server is; left out, the usual place"),
  secret: keySecret(),
  contextTokens: z.number().int().min(512).max(10_000_000).optional().describe("How much it reads at once"),
  embeds: z
    .boolean()
    .optional()
    .describe("It makes vectors, for memories to be found by their meaning, and is not asked to talk"),
  price: z
    .strictObject({
      input: z.number().nonnegative().describe("For a million tokens that it reads, in units of the currency"),
      output: z.number().nonnegative().describe("For a million that it writes"),
      currency: currencySchema.describe("ISO 4217"),
    })
    .optional()
    .describe("What it costs; left out, nothing"),
});

/**
 * Tries a model, and where it answers, puts it first in the settings. One on another machine needs `cloud`: with it the
 * owner says that words may leave.
 */
export const modelUse = defineContract({
  name: "model.use",
  kind: "outside",
  title: "Try a model, and use it first",
  input: () =>
    z.strictObject({
      ...candidate(),
      cloud: z.boolean().default(false).describe("Models on other machines may be used from now on"),
    }),
  output: () =>
    z.strictObject({ name: z.string().describe("Its name in the settings"), reach: z.enum(modelReaches), ...tested() }),
  examples: [{ title: "A model of Ollama's", args: { name: "local", kind: "ollama", model: "qwen3:4b" } }],
  effects: ["admin"],
  permissions: { hosts: ["judged"], secrets: ["*"] },
  event: "model.used",
  undo: undoCommand,
});

/** Writes a model into the settings as `model.use` tried it. */
export const modelSave = defineContract({
  name: "model.save",
  kind: "admin",
  title: "Put a model first in the settings",
  input: () =>
    z.strictObject({ ...candidate(), cloud: z.boolean().default(false).describe("Turn on models elsewhere") }),
  output: () => z.strictObject({ name: z.string().describe("Its name in the settings") }),
  examples: [{ title: "A model of Ollama's", args: { name: "local", kind: "ollama", model: "qwen3:4b" } }],
  event: "model.saved",
  undo: undoCommand,
});

export const modelRemove = defineContract({
  name: "model.remove",
  kind: "admin",
  title: "Take a model out of the settings",
  input: () => z.strictObject({ name: name() }),
  output: () =>
    z.strictObject({
      name: z.string().describe("Its name in the settings"),
      wasEmbedder: z.boolean().describe("Memories are found by its vectors: that setting still names it"),
    }),
  examples: [{ title: "One of them", args: { name: "local" } }],
  event: "model.removed",
  undo: undoCommand,
});

export const modelLook = defineContract({
  name: "model.look",
  kind: "outside",
  title: "Ask a server which models it has",
  input: () =>
    z.strictObject({
      kind: z.enum(modelKinds).describe("How it is spoken to"),
      url: serverUrl("Where it is; left out, the usual place"),
      secret: keySecret(),
      about: z.array(z.string().min(1).max(200)).max(50).optional().describe("Models that it has, to tell more of"),
    }),
  output: () =>
    z.strictObject({
      url: z.string().describe("Where it was asked"),
      version: z.string().optional().describe("Of the server, where it says so"),
      about: z
        .array(
          z.strictObject({
            name: z.string(),
            contextTokens: z.number().optional().describe("How much it can read at once, whatever the settings say"),
            abilities: z.array(z.string()).optional().describe("As in completion, tools, embedding"),
          }),
        )
        .describe("What the server tells of those that were asked about"),
      models: z.array(
        z.strictObject({
          name: z.string(),
          sizeBytes: z.number().optional().describe("On its disk, where it says so"),
        }),
      ),
    }),
  examples: [{ title: "An Ollama on this machine", args: { kind: "ollama" } }],
  effects: ["admin"],
  permissions: { hosts: ["judged"], secrets: ["*"] },
  retry: "safe",
  event: "model.looked",
});

export const modelPull = defineContract({
  name: "model.pull",
  kind: "outside",
  title: "Have Ollama fetch a model",
  input: () =>
    z.strictObject({
      model: z.string().min(1).max(200).describe("Its name there, as in qwen3:4b"),
      url: serverUrl("Where Ollama is; left out, on this machine"),
    }),
  output: () => z.strictObject({ model: z.string().describe("What was fetched"), bytes: count("How much that was") }),
  examples: [{ title: "A small one", args: { model: "qwen3:4b" } }],
  effects: ["admin"],
  permissions: { hosts: ["judged"] },
  retry: "safe",
  event: "model.pulled",
});

export const promptRead = defineContract({
  name: "prompt.read",
  kind: "query",
  title: "Read a prompt",
  input: () =>
    z.strictObject({
      name: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,63}$/, "a prompt's name is letters, digits and dashes")
        .describe("Name of its file in brain/prompts, without .md"),
    }),
  output: () =>
    z.strictObject({ text: z.string().describe("The file in the home, or else the one that came with mh") }),
  examples: [{ title: "How a model is tried", args: { name: "try-model" } }],
});
