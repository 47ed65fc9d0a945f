import { visible } from "@mh/core/model/visible.ts";
import { type CommandModule, type Context, Exit, exitCodes, valueFrom } from "../command.ts";

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

type Level = "ok" | "warn" | "bad";

interface Finding {
  level: Level;
  what: string;
  message: string;
  next?: string;
}

async function doctor(context: Context, url: string | undefined): Promise<void> {
  const findings = await findingsOf(context, url);
  const { print } = context;
  if (print.isJson) print.json({ findings });
  else {
    const { green, yellow, red } = print.color;
    const signs: Record<Level, string> = { ok: green("ok  "), warn: yellow("warn"), bad: red("bad ") };
    for (const { level, what, message, next } of findings) {
      print.line(`${signs[level]}  ${visible(what)}: ${visible(message)}`);
      if (next) print.line(`      ${visible(next)}`);
    }
  }
  if (findings.some(({ level }) => level === "bad")) throw new Exit(exitCodes.failed);
}

async function findingsOf(context: Context, url: string | undefined): Promise<Finding[]> {
  await using client = await context.connect();
  const { models } = valueFrom(context, await client.act("model.list", {}));
  const own = models.filter(({ kind, off }) => kind === "ollama" && off === null);
  const urls = [...new Set(url ? [url] : own.map((each) => each.url))];
  const findings: Finding[] = [];
  for (const place of urls.length > 0 ? urls : [undefined]) {
    const outcome = await client.act("model.look", { kind: "ollama", ...(place && { url: place }) });
    if (outcome.status === "failed") {
      const next = "Start it (`ollama serve`), or get it from https://ollama.com/download";
      findings.push({ level: "bad", what: "server", message: outcome.fault.message, next });
      continue;
    }
    const looked = valueFrom(context, outcome);
    const names = looked.models.map(({ name }) => name);
    findings.push({ level: "ok", what: "server", message: `${looked.url} answers` });
    findings.push(servedFinding(names));
    for (const { name, model } of own.filter((each) => each.url === looked.url)) {
      if (!names.some((each) => each === model || each === `${model}:latest`)) {
        const next = `mh model pull ${model}`;
        findings.push({ level: "bad", what: name, message: `it does not have ${model}`, next });
        continue;
      }
      const tried = await client.act("model.test", { name });
      if (tried.status === "failed") findings.push({ level: "bad", what: name, message: tried.fault.message });
      else
        findings.push({ level: "ok", what: name, message: `answers “${valueFrom(context, tried).text.slice(0, 60)}”` });
    }
  }
  if (own.length === 0)
    findings.push({
      level: "warn",
      what: "settings",
      message: "they name no model of Ollama's",
      next: "mh model use NAME",
    });
  return findings;
}

const servedFinding = (names: readonly string[]): Finding =>
  names.length > 0
    ? { level: "ok", what: "models", message: names.join(", ") }
    : { level: "warn", what: "models", message: "it has none yet", next: "mh model pull qwen3:4b" };
