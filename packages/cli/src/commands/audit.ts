import { Fault } from "@mh/contract/values/fault.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import {
  consistencyProof,
  inclusionProof,
  isConsistent,
  rootFromInclusion,
  subtreeRoot,
} from "@mh/core/journal/merkle.ts";
import type { RepairFound } from "@mh/core/journal/repairs.ts";
import { type VerifyReport, verifyExitCodes } from "@mh/core/journal/verify.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { inspect, readCheckpoint } from "@mh/host/audit/inspect.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { beginOfDays } from "../dates.ts";
import { counted } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { type Printer, table } from "../print.ts";
import { makeProgress } from "../progress.ts";

export const command: CommandModule = {
  uses: ["journal.checkpoint", "journal.archive", "log.activity"],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText("after", "\nExamples:\n  mh audit verify\n  mh audit tail -n 50");
    parser
      .command("tail")
      .description("The latest records.")
      .option("-n <number>", "how many", wholeNumber(1, 100_000), 20)
      .addHelpText("after", "\nExample:\n  mh audit tail -n 50")
      .action(({ n }: { n: number }) => tail(context, n));
    parser
      .command("show <number>")
      .description("One record, whole.")
      .addHelpText("after", "\nExample:\n  mh audit show 12")
      .action((number: string) => print.line(JSON.stringify(recordAt(context, number), null, print.isJson ? 0 : 2)));
    parser
      .command("verify")
      .description(
        "Check every line, link, hash and signature. Exit 0 ok, 1 changed, 10 cut, 11 torn, 12 signature, 13 unreadable, 14 repaired.",
      )
      .option("--since-checkpoint", "only what came after the last signed checkpoint")
      .option("--witness <file...>", "checkpoints that you kept elsewhere")
      .addHelpText("after", "\nExample:\n  mh audit verify --witness ~/usb/checkpoint.txt")
      .action((options: { sinceCheckpoint?: boolean; witness?: string[] }) => verify(context, options));
    parser
      .command("prove <number>")
      .description("Prove that a record is in the log (RFC 6962 audit path).")
      .addHelpText("after", "\nExample:\n  mh audit prove 12 --json")
      .action((number: string) => prove(context, number));
    parser
      .command("consistency <checkpoint>")
      .description("Prove that the log still begins as a checkpoint file says (RFC 6962).")
      .addHelpText("after", "\nExample:\n  mh audit consistency ~/usb/checkpoint.txt")
      .action((file: string) => consistency(context, file));
    parser
      .command("checkpoint")
      .description("Sign the log as it stands and print the statement: keep it elsewhere.")
      .addHelpText("after", "\nExample:\n  mh audit checkpoint > ~/usb/checkpoint.txt")
      .action(() => checkpoint(context));
    parser
      .command("activity")
      .description("What was done, asked and denied, day by day.")
      .option("-n <days>", "how many days back", wholeNumber(1, 366), 14)
      .addHelpText("after", "\nExample:\n  mh audit activity -n 30")
      .action(({ n }: { n: number }) => activity(context, n));
    parser
      .command("archive")
      .description("Compress old days. Nothing is deleted; archives verify for ever.")
      .requiredOption("--before <day>", "days before this one, as YYYY-MM-DD")
      .addHelpText("after", "\nExample:\n  mh audit archive --before 2026-01-01")
      .action(async ({ before }: { before: string }) => {
        const value = await actOnce(context, "journal.archive", { before });
        if (print.isJson) return print.json(value);
        print.line(
          value.archived.length === 0
            ? "Nothing that old lies uncompressed."
            : `Compressed: ${value.archived.join(", ")}.`,
        );
      });
  },
};

function tail({ root, environment, print }: Context, n: number): void {
  const last = inspect(root, environment).latest(n);
  if (print.isJson) for (const record of last) print.json(record);
  else if (last.length === 0) print.line("The log starts with your first command.");
  else {
    print.page();
    print.line(showRecords(print, last));
  }
}

/** A line for each record: `mh audit show` and `mh why` take its number. */
export function showRecords(print: Printer, records: readonly JournalRecord[]): string {
  const { dim, green, red, yellow } = print.color;
  const rows = records.map(({ seq, ts, phase, principal, skill, outcome, count, body }) => {
    const end = outcome?.status ?? "";
    const paint = phase === "deny" || end === "failed" ? red : phase === "ask" ? yellow : end === "done" ? green : dim;
    const name = `${skill?.split("@", 1)[0] ?? ""}${count && count > 1 ? ` ×${count}` : ""}`;
    const what = body?.repaired ? "repaired" : end === "" ? phase : `${phase} ${end}`;
    return [String(seq).padStart(5), print.moment(ts), visible(principal), paint(what), visible(name)];
  });
  return table(rows, print.width);
}

async function activity(context: Context, days: number): Promise<void> {
  const { print } = context;
  const since = beginOfDays(days, Date.now()).toISOString();
  const { slots } = await actOnce(context, "log.activity", { since, step: "day" });
  if (print.isJson) return print.json({ slots });
  if (slots.length === 0) return print.line("Nothing was done in these days.");
  const head = ["day", "done", "asked", "denied", "failed"].map(print.color.dim);
  const rows = slots.map(({ at, done, asked, denied, failed }) => [at, ...[done, asked, denied, failed].map(String)]);
  print.line(table(rows, print.width, { head }));
}

function recordAt({ root, environment }: Context, number: string): JournalRecord {
  const record = /^\d{1,15}$/.test(number) ? inspect(root, environment).record(Number(number)) : undefined;
  if (record) return record;
  throw new Fault("command.not-found", `There is no record ${number}. \`mh audit tail\` shows the latest.`);
}

function verify(context: Context, options: { sinceCheckpoint?: boolean; witness?: string[] }): void {
  const { print, root, environment } = context;
  const progress = makeProgress(print, { doing: "Verifying", unit: "records" });
  const report = inspect(root, environment).verify({
    ...(options.sinceCheckpoint && { sinceCheckpoint: true }),
    witnessFiles: options.witness ?? [],
    onProgress: (count) => progress.update({ count }),
  });
  progress[Symbol.dispose]();
  process.exitCode = verifyExitCodes[report.status];
  if (print.isJson) return print.json(report);
  print.line(describe(report, print.color));
}

function describe(report: VerifyReport, { green, red, yellow }: Context["print"]["color"]): string {
  const { status, records, from, root, checkpoints, seq, path, line, reason, repairs = [] } = report;
  const checked = `${counted(records, "record")}${from > 0 ? ` since ${from}` : ""}, ${counted(checkpoints, "signed checkpoint")}`;
  if (status === "ok") return `${green("Nothing was touched.")} ${checked}.\nroot ${root}`;
  if (status === "repaired")
    return [yellow("It adds up, and was repaired."), `${checked}.`, ...repairs.map(repairLine), `root ${root}`].join(
      "\n",
    );
  const where = path ? ` (${path}, line ${line})` : "";
  const named: Record<Exclude<VerifyReport["status"], "ok" | "repaired">, string> = {
    changed: `Changed at record ${seq}${where}: ${reason}.`,
    truncated: `Cut at record ${seq}: ${reason}.`,
    torn: `The last line is torn${where}: a write was cut off. The next command sets it aside.`,
    "bad-signature": `A signature does not hold${where}: ${reason}.`,
    unreadable: `Unreadable${where}: ${reason}.`,
  };
  return `${red(named[status])}\n${checked} before it are whole.`;
}

/** Where a log was repaired, and what became of what it was. */
export function repairLine({ seq, at, kept, branches, carried, lost, isCompared }: RepairFound): string {
  const found = `${counted(carried, "record")} of ${counted(branches, "branch", "branches")} taken over`;
  const isThere = isCompared ? "it is there as it was" : "it was not looked at";
  return `Repaired at record ${seq}, ${at}: ${found}, ${lost} lost. What it was lies in ${kept}; ${isThere}.`;
}

function prove(context: Context, number: string): void {
  const record = recordAt(context, number);
  const leaves = [...inspect(context.root, context.environment).records()].map(({ hash }) => hash);
  const proof = inclusionProof(nodeCrypto, leaves, record.seq);
  const root = subtreeRoot(nodeCrypto, leaves);
  const holds = rootFromInclusion(nodeCrypto, record.hash, record.seq, leaves.length, proof) === root;
  if (context.print.isJson)
    return context.print.json({ seq: record.seq, leaf: record.hash, size: leaves.length, root, proof, holds });
  context.print.line(
    `Record ${record.seq} ${holds ? "is" : "is NOT"} in the tree of ${counted(leaves.length, "record")}.`,
  );
  context.print.line([`leaf ${record.hash}`, ...proof.map((hash) => `  + ${hash}`), `root ${root}`].join("\n"));
  if (!holds) process.exitCode = 1;
}

function consistency(context: Context, file: string): void {
  const { home, records } = inspect(context.root, context.environment);
  const first = readCheckpoint(home, file);
  const leaves = [...records()].map(({ hash }) => hash);
  const second = { size: leaves.length, root: subtreeRoot(nodeCrypto, leaves) };
  const proof = first.size <= leaves.length ? consistencyProof(nodeCrypto, leaves, first.size) : [];
  const holds = isConsistent(nodeCrypto, first, second, proof);
  process.exitCode = holds ? 0 : first.size > leaves.length ? verifyExitCodes.truncated : verifyExitCodes.changed;
  if (context.print.isJson) return context.print.json({ first, second, proof, holds });
  const now = `the log of ${counted(second.size, "record")}`;
  context.print.line(
    holds
      ? `Still true: ${now} begins with those ${first.size}.`
      : `Not true: ${now} does not begin with those ${first.size}.`,
  );
}

async function checkpoint(context: Context): Promise<void> {
  await actOnce(context, "journal.checkpoint", {});
  let note = "";
  for (const record of inspect(context.root, context.environment).records()) {
    if (record.phase === "checkpoint") note = String(record.body?.note);
  }
  if (context.print.isJson) return context.print.json({ note });
  context.print.line(note.trimEnd());
}
