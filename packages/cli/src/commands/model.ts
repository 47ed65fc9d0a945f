import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { ArgsFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type ModelKind, type ModelReach, type ModelView, modelKinds } from "@mh/contract/values/model.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, actUnlocked, type CommandModule, type Context, Exit, exitCodes, valueFrom } from "../command.ts";
import { showUsage } from "../model-usage.ts";
import { counted, thousands } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { table } from "../print.ts";

interface Price {
  input: number;
  output: number;
  currency: string;
}

interface UseOptions {
  name?: string;
  kind?: ModelKind;
  url?: string;
  secret?: string;
  price?: Price;
  context?: number;
  embedder?: true;
  cloud?: true;
}

export const command: CommandModule = {
  uses: [
    ...[
      "model.list",
      "model.look",
      "model.use",
      "model.test",
      "model.pull",
      "model.remove",
      "config.show",
      "home.status",
      "llm.embed",
    ],
  ],
  build(parser, context) {
    parser.addHelpText("after", "\nExamples:\n  mh model pull qwen3:4b\n  mh model use qwen3:4b\n  mh model list");
    parser
      .command("list", { isDefault: true })
      .description("The models that may be asked, in the order in which they are.")
      .option("--served", "ask each server which models it has, too")
      .addHelpText("after", "\nExample:\n  mh model list --served")
      .action(({ served }) => list(context, served === true));
    parser
      .command("use <model>")
      .description("Try a model, one of your settings by its name or another, and where it answers, ask it first.")
      .option("--name <name>", "what you call it; made of the model's name where you do not say")
      .addOption(
        new Option("--kind <kind>", "how its server is spoken to; ollama where you do not say").choices(modelKinds),
      )
      .option("--url <url>", "where its server is; the usual place where you do not say")
      .option("--secret <name>", "the secret that holds its key (mh secret set)")
      .option("--price <in/out CUR>", "what a million tokens cost that it reads and writes, as in '3/15 EUR'", price)
      .option("--context <tokens>", "how much it reads at once", wholeNumber(512, 10_000_000))
      .option("--embedder", "it makes vectors: memories are found by their meaning")
      .option("--cloud", "it is not on this machine, and your words may leave")
      .addHelpText(
        "after",
        "\nExamples:\n  mh model use qwen3:4b\n  mh model use local --kind openai-compatible --url http://localhost:1234/v1\n  mh model use nomic-embed-text --embedder\n  mh model use claude-sonnet-4-5 --kind anthropic --secret claude --price '3/15 USD' --cloud",
      )
      .action((model, options) => use(context, model, options as UseOptions));
    parser
      .command("test [name]")
      .description("Ask a model of your settings, or each, for one word.")
      .addHelpText("after", "\nExample:\n  mh model test")
      .action((name) => test(context, name));
    parser
      .command("rm <name>")
      .description("Take a model out of your settings; what its server has stays there.")
      .addHelpText("after", "\nExample:\n  mh model rm old")
      .action((name) => remove(context, name));
    parser
      .command("usage")
      .description("Tokens and money of the last day: who used how much, what is reserved, and what is left.")
      .addHelpText("after", "\nExample:\n  mh model usage")
      .action(() => showUsage(context));
    parser
      .command("pull <model>")
      .description("Have Ollama fetch a model; `use` is the sentence model that is installed beside mh.")
      .option("--url <url>", "where Ollama is, where not on this machine")
      .addHelpText("after", "\nExample:\n  mh model pull qwen3:4b")
      .action((model, { url }) => pull(context, model, url));
  },
};

const reachWords: Record<ModelReach, string> = {
  local: "stays on this machine",
  send: "leaves this machine",
  spend: "is paid for",
};

async function list(context: Context, isServed: boolean): Promise<void> {
  const { print } = context;
  const { models, cloud } = await actOnce(context, "model.list", {});
  const served = isServed ? await servedBy(context, models) : undefined;
  if (print.isJson) return print.json({ models, cloud, ...(served && { served }) });
  if (models.length === 0)
    print.line("No model yet. `mh ollama doctor` says what is here, `mh model use NAME` takes one.");
  const { green, yellow, dim } = print.color;
  const rows = models.map(({ name, model, url, reach, off, price, contextTokens, embeds }) => [
    visible(name),
    off === null ? green(embeds ? "vectors" : "on") : yellow("off"),
    visible(model),
    `${visible(new URL(url).host)}, ${reachWords[reach]}`,
    thousands(contextTokens),
    price ? `${price.input}/${price.output} ${price.currency}` : "",
  ]);
  const head = ["name", "state", "model", "where", "reads", models.some(({ price }) => price) ? "a million" : ""];
  if (rows.length > 0) print.line(table(rows, print.width, { head: head.map(dim) }));
  for (const { name, off } of models) if (off !== null) print.note(`${visible(name)}: ${visible(off)}.`);
  for (const { url, names, fault } of served ?? [])
    print.line(
      `${visible(url)}: ${fault ? visible(fault) : names.map((name) => visible(name)).join(", ") || "no models"}`,
    );
}

interface Served {
  url: string;
  names: string[];
  fault?: string;
}

/** Each server once; one that does not answer says why. */
async function servedBy(context: Context, models: readonly ModelView[]): Promise<Served[]> {
  await using client = await context.connect();
  const found: Served[] = [];
  for (const { kind, url, secret, off } of models) {
    if (off !== null || found.some((each) => each.url === url)) continue;
    const outcome = await actUnlocked(context, client, "model.look", { kind, url, ...(secret && { secret }) });
    if (outcome.status === "failed") found.push({ url, names: [], fault: outcome.fault.message });
    else found.push({ url, names: valueFrom(context, outcome).models.map(({ name }) => name) });
  }
  return found;
}

async function use(context: Context, model: string, options: UseOptions): Promise<void> {
  const { print } = context;
  const { kind, url, secret, price, context: contextTokens, embedder, cloud } = options;
  await using client = await context.connect();
  const { inForce } = valueFrom(context, await client.act("config.show", {}));
  const { use = [] } = (inForce.models ?? {}) as { use?: ArgsFor<"model.use">[] };
  // With a name of its own, another model takes the place of the one by that name.
  const known = options.name === undefined ? use.find(({ name }) => name === model) : undefined;
  const args = {
    ...{ name: options.name ?? nameOf(model), kind: kind ?? "ollama", model },
    ...(known && givenIn(known)),
    ...(kind && { kind }),
    ...(url && { url }),
    ...(secret && { secret }),
    ...(price && { price }),
    ...(contextTokens && { contextTokens }),
    ...(embedder && { embeds: true }),
    ...(cloud && { cloud }),
  };
  const used = valueFrom(context, await actUnlocked(context, client, "model.use", args));
  if (print.isJson) return print.json(used);
  print.line(
    args.embeds
      ? `${print.color.green("Makes vectors")}, and memories are found by them from now on: ${visible(used.name)}`
      : `${print.color.green("Answers")}, and is asked first from now on: ${visible(used.name)}`,
  );
  print.line(`What it is asked ${reachWords[used.reach]}.`);
}

/** What the settings say of a model, without what they may say beside it. */
function givenIn({
  name,
  kind,
  model,
  url,
  secret,
  contextTokens,
  embeds,
  price,
}: ArgsFor<"model.use">): ArgsFor<"model.use"> {
  return {
    ...{ name, kind, model },
    ...(url && { url }),
    ...(secret && { secret }),
    ...(contextTokens && { contextTokens }),
    ...(embeds && { embeds }),
    ...(price && { price: { input: price.input, output: price.output, currency: price.currency } }),
  };
}

/** A name that settings can hold: `qwen3:4b` is `qwen3-4b`. */
const nameOf = (model: string): string =>
  model
    .replaceAll(/[^\w.-]+/g, "-")
    .replace(/^[^a-z0-9]+/i, "")
    .slice(0, 60) || "model";

async function test(context: Context, name: string | undefined): Promise<void> {
  const { print } = context;
  await using client = await context.connect();
  const { models } = valueFrom(context, await client.act("model.list", {}));
  const chosen = models.filter((each) => name === undefined || each.name === name);
  if (chosen.length === 0)
    throw new Fault(
      "model.not-found",
      name === undefined
        ? "No model yet. `mh model use NAME` takes one."
        : `There is no model ${visible(name)}. \`mh model list\` shows which there are.`,
    );
  const tried: { name: string; text?: string; tokens?: number; fault?: string }[] = [];
  for (const each of chosen) {
    if (each.off !== null) {
      tried.push({ name: each.name, fault: `It is off: ${each.off}.` });
      continue;
    }
    const outcome = await actUnlocked(context, client, "model.test", { name: each.name });
    if (outcome.status === "failed") tried.push({ name: each.name, fault: outcome.fault.message });
    else tried.push(valueFrom(context, outcome));
  }
  if (print.isJson) print.json({ tried });
  else
    for (const { name, text = "", tokens = 0, fault } of tried)
      print.line(
        fault
          ? `${visible(name)}: ${print.color.red("no answer")}. ${visible(fault)}`
          : `${visible(name)}: ${print.color.green("answers")} “${visible(text.slice(0, 60))}” (${counted(tokens, "token")})`,
      );
  if (tried.some(({ fault }) => fault !== undefined)) throw new Exit(exitCodes.failed);
}

async function remove(context: Context, name: string): Promise<void> {
  const { print } = context;
  const removed = await actOnce(context, "model.remove", { name });
  if (print.isJson) return print.json(removed);
  print.line(`${visible(name)} is out of your settings. \`mh undo\` brings it back.`);
  if (removed.wasEmbedder)
    print.note(
      "memory.embedder still names it: memories are found by words alone. `mh config set memory.embedder none`",
    );
}

async function pull(context: Context, model: string, url: string | undefined): Promise<void> {
  if (model === "use" && !url) return pullSentenceModel(context);
  const pulled = await actOnce(context, "model.pull", { model, ...(url && { url }) }, { doing: "Fetching" });
  if (context.print.isJson) return context.print.json(pulled);
  const size = pulled.bytes > 0 ? ` (${thousands(Math.ceil(pulled.bytes / 1_000_000))} MB)` : "";
  context.print.line(
    `${visible(model)} is there${size}. \`mh model use ${visible(model)}\` tries it, and asks it from then on.`,
  );
}

/** It is no model of Ollama's: npm installs it, which is the owner's to do. Here it is tried. */
async function pullSentenceModel(context: Context): Promise<void> {
  const { dimension } = await actOnce(
    context,
    "llm.embed",
    { model: "use", texts: ["Is it there?"] },
    { doing: "Trying" },
  );
  if (context.print.isJson) return context.print.json({ model: "use", dimension });
  context.print.line(
    "The sentence model is there. `mh config set memory.embedder use` has memories found by its vectors.",
  );
}

/** As in `3/15 EUR`. */
function price(text: string): Price {
  const [, input, output, currency] = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)\s*([A-Z]{3})$/.exec(text) ?? [];
  if (input && output && currency) return { input: Number(input), output: Number(output), currency };
  throw new InvalidArgumentError("It is two prices and a currency, as in '3/15 EUR'.");
}
