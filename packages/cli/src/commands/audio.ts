import type { ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { absolutePath } from "@mh/host/places.ts";
import { actUnlocked, type CommandModule, type Context, Exit, exitCodes, explainEnd } from "../command.ts";
import { counted } from "../numbers.ts";
import { clip, hang, shortId, wrap } from "../print.ts";

type Listed = ValueFor<"audio.list">;
type Stands = ValueFor<"audio.ingest">;

const statuses = ["waiting", "done", "failed"] as const;

export const command: CommandModule = {
  uses: ["audio.ingest", "audio.list"],
  build(parser, context) {
    parser.addHelpText("after", "\nExamples:\n  mh audio ingest interview.m4a --language en\n  mh audio status");
    parser
      .command("ingest [path...]")
      .description("Have sound files transcribed, each once. Without a server they wait.")
      .option("--language <code>", "the language that is spoken, as in en; else the server finds it")
      .option("--waiting", "those that wait, too")
      .addHelpText("after", "\nExamples:\n  mh audio ingest ~/Recordings/interview.m4a\n  mh audio ingest --waiting")
      .action((paths, options) => ingest(context, paths, options));
    parser
      .command("list [status]")
      .description("Your recordings, the latest last: waiting, done or failed.")
      .addHelpText("after", "\nExample:\n  mh audio list failed")
      .action((status) => list(context, status));
    parser
      .command("status", { isDefault: true })
      .description("The server, the inbox, and how many recordings wait.")
      .addHelpText("after", "\nExample:\n  mh audio status")
      .action(() => status(context));
  },
};

async function ingest(
  context: Context,
  paths: readonly string[],
  { language, waiting }: { language?: string; waiting?: true },
): Promise<void> {
  const { print } = context;
  await using client = await context.connect({ make: true });
  const more = waiting ? await waitingPaths(context, client) : [];
  const wanted = [...new Set([...paths.map(absolutePath), ...more])];
  if (wanted.length === 0) {
    if (waiting) return print.line("Nothing waits.");
    throw new Fault("usage", "Name a sound file, or say --waiting.");
  }
  const taken: Stands[] = [];
  let code: number = exitCodes.done;
  // One that is bad does not keep back the others.
  for (const path of wanted) {
    if (context.signal.aborted) break;
    const args = { path, ...(language !== undefined && { language }) };
    const outcome = await actUnlocked(context, client, "audio.ingest", args, { doing: "Transcribing" });
    if (outcome.status === "done") {
      taken.push(outcome.value);
      if (!print.isJson) print.line(standsText(context, outcome.value));
    } else if (outcome.status === "failed") {
      print.note(visible(outcome.fault.message));
      code = exitCodes.failed;
    } else code = explainEnd(print, outcome);
  }
  if (print.isJson) print.json({ recordings: taken });
  if (code !== exitCodes.done) throw new Exit(code);
}

type Client = Awaited<ReturnType<Context["connect"]>>;

async function waitingPaths(context: Context, client: Client): Promise<string[]> {
  const outcome = await actUnlocked(context, client, "audio.list", { status: "waiting", limit: 1_000 });
  if (outcome.status !== "done") throw new Exit(explainEnd(context.print, outcome));
  return outcome.value.recordings.map(({ recording }) => recording.path);
}

function standsText({ print }: Context, { id, name, status, known, reason }: Stands): string {
  const what = known ? "was transcribed before" : status === "done" ? "is transcribed" : status;
  const label = id === null ? "" : `${print.color.dim(shortId(id))}  `;
  return hang(label, visible(`${name} ${what}${reason ? `. ${reason}` : ""}.`.replace(/\.\.$/, ".")), print.width);
}

async function list(context: Context, given: string | undefined): Promise<void> {
  const { print } = context;
  const only = statuses.find((each) => each === given);
  if (given !== undefined && only === undefined)
    throw new Fault("usage", `${given} is none of ${statuses.join(", ")}.`);
  const { recordings, ...rest } = await listed(context, only);
  if (print.isJson) return print.json({ recordings, ...rest });
  if (recordings.length === 0) return print.line("There are no recordings. `mh audio ingest FILE` takes one in.");
  print.page();
  const { dim, red } = print.color;
  for (const { id, text, recording } of recordings) {
    const { path, status: how, reason, language, seconds, remark } = recording;
    const more = [print.day(recordingDay(recording, id)), language, seconds !== undefined && lengthText(seconds)];
    const state = how === "failed" ? red(how) : how;
    print.line(
      hang(
        `${dim(shortId(id))}  ${state.padEnd(8)} `,
        visible(path) + dim(`  ${visible(more.filter(Boolean).join(", "))}`),
        print.width,
      ),
    );
    const below = how === "done" ? clip(visible(text).replace(/\s+/g, " "), 200) : visible(reason ?? "");
    for (const line of [below, remark].filter(Boolean)) print.line(hang("          ", dim(String(line)), print.width));
  }
}

/** When the file was made, or else when it was taken in: an id begins with its time (UUIDv7). */
const recordingDay = ({ changedAt }: Listed["recordings"][number]["recording"], id: string): string =>
  changedAt ?? new Date(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toISOString();

const lengthText = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;

async function listed(context: Context, only?: (typeof statuses)[number]): Promise<Listed> {
  await using client = await context.connect();
  const outcome = await actUnlocked(context, client, "audio.list", only ? { status: only } : {});
  if (outcome.status !== "done") throw new Exit(explainEnd(context.print, outcome));
  return outcome.value;
}

async function status(context: Context): Promise<void> {
  const { print } = context;
  const { counts, server } = await listed(context);
  if (print.isJson) return print.json({ counts, server });
  print.line(wrap(server.off === null ? `Server: ${server.host}` : visible(`${server.off}.`), print.width));
  const inbox = server.inbox === null ? "none; `mh config set audio.inbox FOLDER`" : visible(server.inbox);
  print.line(wrap(`Inbox: ${inbox}${server.inbox === null ? "" : " (agent transcriber)"}`, print.width));
  const { waiting, done, failed } = counts;
  print.line(`${counted(done, "recording")} transcribed, ${waiting} waiting, ${failed} failed.`);
  if (waiting > 0 && server.off === null) print.note("`mh audio ingest --waiting` goes on with them.");
  if (failed > 0) print.note("`mh audio list failed` says why.");
}
