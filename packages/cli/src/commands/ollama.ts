import type { ModelView } from "@mh/contract/values/model.ts";
import type { Finding } from "@mh/host/home/check-home.ts";
import { type CommandModule, type Context, Exit, exitCodes, valueFrom } from "../command.ts";
import type { Client } from "../connect.ts";
import { showFinding } from "../finding-view.ts";

export const command: CommandModule = {
  uses: ["model.list", "model.look", "model.test"],
  build(parser, context) {
    parser.addHelpText("after", "\nExample:\n  mh ollama doctor");
    parser
      .command("doctor", { isDefault: true })
      .description("Whether Ollama runs, has the models of your settings, and answers; and what to do where not.")
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

async function findingsOf(context: Context, url: string | undefined): Promise<Finding[]> {
  await using client = await context.connect();
  const { models } = valueFrom(context, await client.act("model.list", {}));
  const own = models.filter(({ kind, off }) => kind === "ollama" && off === null);
  const urls = [...new Set(url ? [url] : own.map((each) => each.url))];
  const findings: Finding[] = [];
  for (const place of urls.length > 0 ? urls : [undefined])
    findings.push(...(await findingsAt(context, client, place, own)));
  const next = "mh model use NAME";
  if (own.length === 0)
    findings.push({ level: "warn", what: "settings", message: "they name no model of Ollama's", next });
  return findings;
}

/** Of one server, and of those models of the settings that it should have. */
async function findingsAt(
  context: Context,
  client: Client,
  url: string | undefined,
  models: readonly ModelView[],
): Promise<Finding[]> {
  const outcome = await client.act("model.look", { kind: "ollama", ...(url && { url }) });
  if (outcome.status === "failed") {
    const next = "Start it (`ollama serve`), or get it from https://ollama.com/download";
    return [{ level: "bad", what: "server", message: outcome.fault.message, next }];
  }
  const looked = valueFrom(context, outcome);
  const served = looked.models.map(({ name }) => name);
  const findings: Finding[] = [
    { level: "ok", what: "server", message: `${looked.url} answers` },
    servedFinding(served),
  ];
  for (const each of models.filter((model) => model.url === looked.url))
    findings.push(await findingOf(context, client, each, served));
  return findings;
}

async function findingOf(
  context: Context,
  client: Client,
  { name, model }: ModelView,
  served: readonly string[],
): Promise<Finding> {
  if (!served.includes(model) && !served.includes(`${model}:latest`))
    return { level: "bad", what: name, message: `it does not have ${model}`, next: `mh model pull ${model}` };
  const tried = await client.act("model.test", { name });
  if (tried.status === "failed") return { level: "bad", what: name, message: tried.fault.message };
  return { level: "ok", what: name, message: `answers “${valueFrom(context, tried).text.slice(0, 60)}”` };
}

const servedFinding = (names: readonly string[]): Finding =>
  names.length > 0
    ? { level: "ok", what: "models", message: names.join(", ") }
    : { level: "warn", what: "models", message: "it has none yet", next: "mh model pull qwen3:4b" };
