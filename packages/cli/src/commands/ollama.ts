import type { ModelView } from "@mh/contract/values/model.ts";
import type { Finding } from "@mh/host/home/check-home.ts";
import { type CommandModule, type Context, Exit, exitCodes, valueFrom } from "../command.ts";
import type { Client } from "../connect.ts";
import { showFinding } from "../finding-view.ts";
import { thousands } from "../numbers.ts";

export const command: CommandModule = {
  uses: ["model.list", "model.look", "model.test", "llm.embed", "config.show"],
  build(parser, context) {
    parser.addHelpText("after", "\nExample:\n  mh ollama doctor");
    parser
      .command("doctor", { isDefault: true })
      .description(
        "Whether Ollama runs, has the models of your settings, reads as much as these say, and answers; and what to do where not.",
      )
      .option("--url <url>", "where it is, where not on this machine")
      .addHelpText("after", "\nExample:\n  mh ollama doctor")
      .action(({ url }) => doctor(context, url));
  },
};

async function doctor(context: Context, url: string | undefined): Promise<void> {
  const findings = await findingsOf(context, url);
  const { print } = context;
  if (print.isJson) print.json({ findings });
  else for (const finding of findings) showFinding(print, finding);
  if (findings.some(({ level }) => level === "bad")) throw new Exit(exitCodes.failed);
}

interface Settings {
  models: readonly ModelView[];
  /** The embedder of the settings, where it is a model of Ollama's. */
  embedder: string;
}

async function findingsOf(context: Context, url: string | undefined): Promise<Finding[]> {
  await using client = await context.connect();
  const { models } = valueFrom(context, await client.act("model.list", {}));
  const { inForce } = valueFrom(context, await client.act("config.show", {}));
  const { embedder = "none" } = (inForce.memory ?? {}) as { embedder?: string };
  const own = models.filter(({ kind, off }) => kind === "ollama" && off === null);
  const urls = [...new Set(url ? [url] : own.map((each) => each.url))];
  const findings: Finding[] = [];
  for (const place of urls.length > 0 ? urls : [undefined])
    findings.push(...(await findingsAt(context, client, place, { models: own, embedder })));
  for (const { name, off } of models.filter(({ kind }) => kind === "ollama"))
    if (off !== null) findings.push({ level: "warn", what: name, message: `not used: ${off}` });
  const next = "mh model use NAME";
  if (own.length === 0)
    findings.push({ level: "warn", what: "settings", message: "they name no model of Ollama's that is on", next });
  return findings;
}

/** Of one server, and of those models of the settings that it should have. */
async function findingsAt(
  context: Context,
  client: Client,
  url: string | undefined,
  { models, embedder }: Settings,
): Promise<Finding[]> {
  const look = { kind: "ollama", ...(url && { url }) } as const;
  const outcome = await client.act("model.look", look);
  if (outcome.status === "failed") {
    const next = "Start it (`ollama serve`), or get it from https://ollama.com/download";
    return [{ level: "bad", what: "server", message: outcome.fault.message, next }];
  }
  const looked = valueFrom(context, outcome);
  const served = looked.models.map(({ name }) => name);
  const version = looked.version === undefined ? "" : `, version ${looked.version}`;
  const findings: Finding[] = [
    { level: "ok", what: "server", message: `${looked.url} answers${version}` },
    servedFinding(served),
  ];
  const here = models.filter((model) => model.url === looked.url);
  const there = here.filter(({ model }) => isServed(model, served)).map(({ model }) => model);
  // One that does not tell of a model is an older one; what it has was answered above.
  const told = await client.act("model.look", { ...look, about: there });
  const about = told.status === "done" ? valueFrom(context, told).about : [];
  for (const each of here) {
    const facts = about.find(({ name }) => name === each.model);
    findings.push(
      ...(await findingsOfModel(context, client, each, { served, facts, isEmbedder: each.name === embedder })),
    );
  }
  return findings;
}

interface Known {
  served: readonly string[];
  facts: { contextTokens?: number | undefined; abilities?: string[] | undefined } | undefined;
  isEmbedder: boolean;
}

async function findingsOfModel(
  context: Context,
  client: Client,
  model: ModelView,
  { served, facts, isEmbedder }: Known,
): Promise<Finding[]> {
  const { name } = model;
  if (!isServed(model.model, served))
    return [
      { level: "bad", what: name, message: `it does not have ${model.model}`, next: `mh model pull ${model.model}` },
    ];
  const findings = facts ? [...contextFindings(model, facts.contextTokens)] : [];
  const abilities = facts?.abilities ?? [];
  if (isEmbedder) findings.push(await embedderFinding(context, client, name));
  if (model.embeds) {
    const next = `mh config set memory.embedder ${name}`;
    const message = "it makes vectors, and memory does not use it";
    return isEmbedder ? findings : [...findings, { level: "warn", what: name, message, next }];
  }
  const tried = await client.act("model.test", { name });
  findings.push(
    tried.status === "failed"
      ? { level: "bad", what: name, message: tried.fault.message }
      : { level: "ok", what: name, message: `answers “${valueFrom(context, tried).text.slice(0, 60)}”` },
  );
  if (facts?.abilities && !abilities.includes("tools"))
    findings.push({
      level: "warn",
      what: name,
      message: "it calls no tools: chat asks it for its choices as text instead",
    });
  return findings;
}

/** What exceeds a model's own context is cut off without a word. */
function contextFindings({ name, contextTokens }: ModelView, most: number | undefined): Finding[] {
  if (most === undefined || contextTokens <= most) return [];
  const message = `it reads ${thousands(most)} tokens at once, and the settings say ${thousands(contextTokens)}: the rest is cut silently`;
  return [{ level: "bad", what: name, message, next: `mh model use ${name} --context ${most}` }];
}

async function embedderFinding(context: Context, client: Client, name: string): Promise<Finding> {
  const tried = await client.act("llm.embed", { model: name, texts: ["Is it there?"] });
  if (tried.status === "failed") {
    const next = "mh config set memory.embedder NAME, one that makes vectors, as nomic-embed-text";
    return { level: "bad", what: name, message: `memory's embedder makes no vectors: ${tried.fault.message}`, next };
  }
  return {
    level: "ok",
    what: name,
    message: `makes vectors of ${valueFrom(context, tried).dimension} parts for memory`,
  };
}

const isServed = (model: string, served: readonly string[]): boolean =>
  served.includes(model) || served.includes(`${model}:latest`);

const servedFinding = (names: readonly string[]): Finding =>
  names.length > 0
    ? { level: "ok", what: "models", message: names.join(", ") }
    : { level: "warn", what: "models", message: "it has none yet", next: "mh model pull qwen3:4b" };
