import type { ArgsFor, SkillName, ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { verifyExitCodes } from "@mh/core/journal/verify.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { createHome, homeExists, machineSettings } from "@mh/host/home/home-file.ts";
import { exampleNotes } from "@mh/host/places.ts";
import { type CommandModule, type Context, explainEnd, valueFrom } from "../command.ts";
import { counted } from "../numbers.ts";
import { type Printer, shortId, shortIds, wrap } from "../print.ts";
import { showRecords } from "./audit.ts";
import { command as importCommand } from "./import.ts";

export const command: CommandModule = {
  uses: ["memory.capture", "import.run", "import.preview", "memory.ask", "grant.list"],
  build(parser, context) {
    parser
      .argument("[notes]", "a folder of your own Markdown notes (else the few that come with mh)")
      .addHelpText("after", "\nExample:\n  mh tour ~/notes")
      .action((notes: string | undefined) => tour(context, notes));
  },
};

/** The main job once, for real, in the real home: capture, import, ask, a stopped agent, the verified log. */
async function tour(invocation: Context, notes: string | undefined): Promise<void> {
  // It shows several commands, and each of them is undone by itself, as it would be if the person had typed it.
  const context: Context = { ...invocation, connect: (options) => invocation.connect({ ...options, apart: true }) };
  const { print, root, environment } = context;
  const { bold, dim } = print.color;
  const begin = stepper(print);

  let tell = begin("A home", "init --yes");
  if (!homeExists(root)) createHome(root, environment, machineSettings(environment));
  tell({ home: root }, () => root);

  const text = "Met with Sarah about the ML project";
  tell = begin("Remember something", `capture "${text}"`);
  const captured = await act(context, "memory.capture", { text });
  const names = captured.entities.map(({ name }) => name);
  tell({ id: captured.id, about: names }, () => `Remembered ${shortId(captured.id)}, about ${names.join(" and ")}.`);

  const folder = notes ?? exampleNotes(context.codeRoot);
  tell = begin("Take in notes", `import ${folder}`);
  const imported: unknown[] = [];
  const { Command } = await import("../commander.ts");
  const importer = new Command("import");
  const collecting: Printer = { ...print, json: (value) => imported.push(value) };
  importCommand.build(importer, { ...context, print: collecting });
  await importer.parseAsync([folder], { from: "user" });
  tell({ imported: imported.at(-1) });

  const question = notes ? "What did I do with Sarah?" : "When is the deadline of the Lindau project?";
  tell = begin("Ask", `ask "${question}"`);
  const answer = await act(context, "memory.ask", { q: question, k: 1 });
  const quotes = answer.citations.map(
    ({ content, id }) => `“${visible(content, { multiline: true }).trim()}”  [${shortId(id)}]`,
  );
  tell({ ...answer }, () =>
    [
      wrap(visible(shortIds(answer.text)), print.width),
      ...quotes.map((quote) => dim(wrap(quote, print.width, "  "))),
    ].join("\n"),
  );

  const forget = `act memory.forget '{"id":"${shortId(captured.id)}"}' --as agent:cleaner`;
  tell = begin("An agent tries to delete that memory", forget);
  const refused = await (async () => {
    await using client = await context.connect();
    return await client.act("memory.forget", { id: captured.id }, { as: "agent:cleaner" });
  })();
  tell({ outcome: refused });
  if (!print.isJson) explainEnd(print, refused);

  tell = begin("Why?", `why ${shortId(refused.id)}`);
  const told = explainCommand(root, environment, refused.id);
  const isSame = told !== undefined && "isSame" in told.rejudged && told.rejudged.isSame;
  const rules = (told?.rules ?? []).map((rule) => wrap(`rule ${rule.id}: ${rule.title}`, print.width));
  const again = isSame ? ["Worked out again from the log alone: the same verdict."] : [];
  tell({ rules: told?.rules ?? [], isSame }, () => [...rules, ...again].join("\n"));

  tell = begin("What was done here", "audit tail");
  const records = inspect(root, environment).latest(8);
  tell({ records }, () => showRecords(print, records));

  tell = begin("Was anything touched?", "audit verify");
  const report = inspect(root, environment).verify({});
  const isWhole = report.status === "ok";
  const whole = `Nothing was touched: ${counted(report.records, "record")}, root ${report.root.slice(0, 16)}…`;
  tell({ ...report }, () => (isWhole ? whole : `${report.status}: ${report.reason ?? "mh audit verify"}`));
  process.exitCode = verifyExitCodes[report.status];
  if (!print.isJson) print.line(`\nYours now: ${bold("mh help")}`);
}

/** For people a step is announced, then told as it ends; for programs it is one line once it has ended. */
function stepper(print: Printer) {
  const { bold, dim } = print.color;
  let step = 0;
  return (title: string, line: string) => {
    step += 1;
    const n = step;
    if (!print.isJson) print.line(`\n${bold(`${n}. ${title}`)}\n${dim(`   $ mh ${line}`)}`);
    return (result: Record<string, unknown>, inWords: () => string = () => "") => {
      if (print.isJson) return print.json({ step: n, title, command: `mh ${line}`, ...result });
      const words = inWords();
      if (words !== "") print.line(words);
    };
  };
}

async function act<Name extends SkillName>(
  context: Context,
  skill: Name,
  args: ArgsFor<Name>,
): Promise<ValueFor<Name>> {
  await using client = await context.connect();
  return valueFrom(context, await client.act(skill, args));
}
