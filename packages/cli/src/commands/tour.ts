import { verifyExitCodes } from "@mh/core/journal/verify.ts";
import type { Answer } from "@mh/core/memory/answer.ts";
import { visible } from "@mh/core/model/visible.ts";
import { createHome, homeExists, machineSettings } from "@mh/host/home-file.ts";
import { inspect } from "@mh/host/inspect.ts";
import { exampleNotes } from "@mh/host/places.ts";
import { type CommandModule, type Context, explainEnd, valueFrom } from "../command.ts";
import { wrap } from "../print.ts";
import { brief } from "./audit.ts";
import { command as importCommand } from "./import.ts";

export const command: CommandModule = {
  uses: ["memory.capture", "memory.import", "memory.ask", "grant.list"],
  build(parser, context) {
    parser
      .argument("[notes]", "a folder of your own Markdown notes (else the few that come with mh)")
      .addHelpText("after", "\nExample:\n  mh tour ~/notes")
      .action((notes: string | undefined) => tour(context, notes));
  },
};

/** The main job once, for real, in the real home: capture, import, ask, a stopped agent, the verified log. */
async function tour(context: Context, notes: string | undefined): Promise<void> {
  const { print, root, environment } = context;
  const { bold, dim } = print.color;
  let step = 0;
  const say = (title: string, line: string) => {
    step += 1;
    print.line(`\n${bold(`${step}. ${title}`)}   ${dim(`$ mh ${line}`)}`);
  };

  say("A home", "init --yes");
  if (!homeExists(root)) createHome(root, environment, machineSettings(environment));
  print.line(root);

  const text = "Met with Sarah about the ML project";
  say("Remember something", `capture "${text}"`);
  const captured = await act<{ id: string; entities: { name: string }[] }>(context, "memory.capture", { text });
  print.line(`Remembered ${captured.id}, about ${captured.entities.map(({ name }) => name).join(" and ")}.`);

  const folder = notes ?? exampleNotes(context.codeRoot);
  say("Take in notes", `import ${folder}`);
  const { Command } = await import("../commander.ts");
  const importer = new Command("import");
  importCommand.build(importer, context);
  await importer.parseAsync([folder], { from: "user" });

  const question = notes ? "What did I do with Sarah?" : "When is the deadline of the Lindau project?";
  say("Ask", `ask "${question}"`);
  const answer = await act<Answer>(context, "memory.ask", { q: question, k: 1 });
  print.line(visible(answer.text));
  for (const { content, id } of answer.citations)
    print.line(dim(wrap(`“${visible(content, { multiline: true })}”  [${id}]`, print.width, "  ")));

  say("An agent tries to delete that memory", `act memory.forget '{"id":"${captured.id}"}' --as agent:cleaner`);
  const refused = await (async () => {
    await using client = await context.connect();
    return client.act("memory.forget", { id: captured.id }, { as: "agent:cleaner" });
  })();
  explainEnd(print, refused);

  say("Why?", `why ${refused.id}`);
  const told = inspect(root, environment).explain(refused.id);
  for (const rule of told?.rules ?? []) print.line(`rule ${rule.id}: ${rule.title}`);
  if (told && "isSame" in told.rejudged && told.rejudged.isSame)
    print.line("Worked out again from the log alone: the same verdict.");

  say("What was done here", "audit tail");
  for (const record of [...inspect(root, environment).records()].slice(-8)) print.line(brief(record, print.color));

  say("Was anything touched?", "audit verify");
  const report = inspect(root, environment).verify({});
  print.line(
    report.status === "ok"
      ? `Nothing was touched: ${report.records} records, root ${report.root.slice(0, 16)}…`
      : `${report.status}: ${report.reason}`,
  );
  process.exitCode = verifyExitCodes[report.status];
  print.line(`\nYours now: ${bold("mh --help")}`);
}

async function act<T>(context: Context, skill: string, args: unknown): Promise<T> {
  await using client = await context.connect();
  return valueFrom<T>(context, await client.act(skill, args));
}
