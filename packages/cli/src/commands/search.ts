import type { Hit } from "@mh/contract/memory-look.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { memoryKinds } from "@mh/contract/values/memory-kinds.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context, valueFrom } from "../command.ts";
import { readStdin } from "../input.ts";
import { dayTold } from "../memory/told.ts";
import { wholeNumber } from "../options.ts";
import { shortId, shortIds, table, wrap } from "../print.ts";
import { between } from "../told-time.ts";

interface Options {
  k: number;
  stdin?: boolean;
  from?: string;
  to?: string;
  artifacts?: boolean;
  archived?: boolean;
  explain?: boolean;
}

export const command: CommandModule = {
  uses: ["memory.search"],
  build(parser, context) {
    parser
      .argument("[query...]", "words, names, dates")
      .option("-k <number>", "how many at most", wholeNumber(1, 1000), 10)
      .option("--from <time>", "nothing told before; in plain words, too")
      .option("--to <time>", "nothing told after; a day counts whole")
      .option("--artifacts", "what agents and assistants wrote, too")
      .option("--archived", "what was archived, too")
      .option("--explain", "how much of each score each signal makes")
      .option("--stdin", 'read one {"q", "k"} a line, print one result a line')
      .addHelpText("after", "\nExamples:\n  mh search Sarah deadline -k 5\n  mh search Sarah deadline -k 1 --explain")
      .action(async (words: string[], options: Options) => {
        if (options.stdin) return searchLines(context, options);
        const q = words.join(" ");
        if (q === "") throw new Fault("usage", "Search for what? `mh search Sarah`");
        const { hits, note } = await actOnce(context, "memory.search", argsOf(q, options.k, await withTimes(options)));
        if (context.print.isJson) return context.print.json({ hits: hits.map(shortHit), ...(note && { note }) });
        show(context, hits);
        if (note) context.print.note(visible(note));
      });
  },
};

async function searchLines(context: Context, options: Options): Promise<void> {
  const told = await withTimes(options);
  await using client = await context.connect();
  for (const line of readStdin().split("\n")) {
    if (context.signal.aborted) return;
    if (line.trim() === "") continue;
    const { q, k } = parseQuery(line, options.k);
    const outcome = await client.act("memory.search", argsOf(q, k, told));
    const { hits, note } = valueFrom(context, outcome);
    context.print.json({ hits: hits.map(shortHit), ...(note && { note }) });
  }
}

function parseQuery(line: string, k: number): { q: string; k: number } {
  let value: { q?: unknown; k?: unknown } | undefined;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value?.q === "string") return { q: value.q, k: typeof value.k === "number" ? value.k : k };
  throw new Fault("usage", 'Each line is a JSON object like {"q": "Sarah", "k": 10}.');
}

const withTimes = async (options: Options): Promise<Options> => ({ ...options, ...(await between(options)) });

function argsOf(q: string, k: number, { from, to, artifacts, archived, explain }: Options) {
  const times = { ...(from && { from }), ...(to && { to }) };
  return {
    q,
    k,
    ...times,
    ...(artifacts && { kinds: [...memoryKinds] }),
    ...(archived && { archived: "too" as const }),
    ...(explain && { explain }),
  };
}

function shortHit({ id, score, shares, record }: Hit) {
  return {
    id,
    externalId: record.externalId ?? null,
    score,
    ...(shares && { shares }),
    content: record.content,
    at: record.at,
    ...(record.datedBy && { datedBy: record.datedBy }),
    kind: record.kind,
  };
}

function show({ print }: Context, hits: readonly Hit[]): void {
  const { bold, dim } = print.color;
  if (hits.length === 0) print.line("Nothing found.");
  print.page();
  for (const { id, reason, record, score, signals, shares } of hits) {
    const who = record.speaker ? ` ${visible(record.speaker)}` : "";
    const old = record.archived === undefined ? "" : ", archived";
    print.line(`${bold(dayTold(print, record))}${who}  ${dim(`${shortId(id)}${old}`)}`);
    print.line(wrap(visible(shorten(record.content), { multiline: true }).trim(), print.width, "  "));
    print.line(dim(wrap(visible(shortIds(reason)), print.width, "  ")));
    if (shares) print.line(explained(print, score, signals, shares));
  }
}

/** What each signal adds to the score, the most first. */
function explained({ width, color }: Context["print"], score: number, signals: Values, shares: Values): string {
  const rows = Object.entries(shares).map(([name, share]) => [
    "",
    visible(name),
    (signals[name] ?? 0).toFixed(2),
    share.toFixed(2),
    `${Math.round((100 * share) / score)} %`,
  ]);
  const whole = ["", "score", "", score.toFixed(2), ""];
  return table([...rows, whole], width, { head: ["", "signal", "value", "adds", "of the score"].map(color.dim) });
}

type Values = Record<string, number>;

const shorten = (text: string): string => (text.length > 600 ? `${text.slice(0, 600)} …` : text);
