import type { ValueFor } from "@mh/contract/contracts.ts";
import { moneyWords } from "@mh/contract/values/money.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actUnlocked, type Context, explainEnd } from "../command.ts";
import type { ActOptions, Client } from "../connect.ts";
import { clip, type Printer, shortId, wrap } from "../print.ts";
import { Streamed } from "../streamed.ts";

export type Turn = ValueFor<"chat.say">;
type Message = ValueFor<"chat.show">["messages"][number];

/** `next`: what goes on with a turn that was cut off. */
type TurnOptions = ActOptions & { doing?: string; next?: string };

/**
 * One turn, shown while it is written; then what the log knows of it, whatever the answer claims. Undefined where it came to no
 * end, with the exit code that says why.
 */
export async function takeTurn(
  context: Context,
  client: Client,
  args: { chat: string; text?: string },
  { next = `mh chat go-on ${shortId(args.chat)}`, ...options }: TurnOptions = {},
): Promise<{ value: Turn; code?: undefined } | { value?: undefined; code: number }> {
  const { print } = context;
  const streamed = new Streamed(print);
  const outcome = await actUnlocked(context, client, "chat.say", args, {
    doing: "Thinking",
    ...options,
    onProgress: ({ text }) => text !== undefined && !print.isJson && streamed.update(text),
  });
  if (outcome.status === "done") {
    if (print.isJson) print.json(outcome.value);
    else {
      if (outcome.value.end !== "steered") streamed.end(outcome.value.text);
      showEnd(print, outcome.value, next);
    }
    return { value: outcome.value };
  }
  if (streamed.isBegun) print.piece("\n");
  if (streamed.isBegun) print.note("The answer was cut off there, and is not kept.");
  const isNothing = outcome.status === "failed" && nothingBegun.has(outcome.fault.code);
  if (!isNothing) print.note(`Go on with it: ${next}`);
  return { code: explainEnd(print, outcome) };
}

/** Faults after which there is nothing to go on with: what was typed cannot be meant, or the chat is not there. */
const nothingBegun: ReadonlySet<string> = new Set(["args.invalid", "chat.not-found"]);
const quotedMax = 5;

/** Below an answer: what it rests on, what was done, what waits and what was denied, each with the next step. */
function showEnd(print: Printer, turn: Turn, next: string): void {
  for (const line of endLines(turn, next)) print.line(print.color.dim(wrap(line, print.width, "  ")));
}

function endLines({ end, acts, refusals, sources }: Turn, next: string): string[] {
  const done = acts.filter(({ changes, status }) => changes && status === "done");
  const failed = acts.filter(({ changes, status }) => changes && (status === "failed" || status === "interrupted"));
  const named = (all: Turn["acts"]) =>
    all.map(({ skill, command }) => `${visible(skill)} [${shortId(command)}]`).join(", ");
  const isWaiting = refusals.some(({ status }) => status === "waiting");
  return [
    ...sources.slice(0, quotedMax).map(sourceLine),
    ...(sources.length > quotedMax ? [`  and ${sources.length - quotedMax} more`] : []),
    ...(end === "steered" ? ["Taken up by the answer that is under way."] : []),
    ...(end === "answered" || end === "cut" || done.length > 0
      ? [`The log: ${done.length > 0 ? `done ${named(done)}` : "nothing was changed or sent"}.`]
      : []),
    ...(failed.length > 0 ? [`Failed: ${named(failed)}.`] : []),
    ...refusals.flatMap(refusalLines),
    ...(isWaiting ? [`  Once that is approved: ${next} (a running daemon goes on by itself)`] : []),
    ...(end === "cut" ? ["The answer was cut at the most that one may hold; ask for the rest."] : []),
    ...(end === "guard" || end === "failed" ? [`Go on with it: ${next}`] : []),
  ];
}

const sourceLine = ({ id, text, origins, isCited }: Turn["sources"][number]): string => {
  const whose = origins.every((origin) => origin === "owner") ? "" : ` (${visible(origins.join(", "))})`;
  return `${isCited ? "From" : "Read"} [${shortId(id)}] ${clip(visible(text), 60)}${whose}`;
};

/** The command stands on a line of its own, where it can be copied whole. */
function refusalLines({ status, skill, reason, approval, command, mayAskInstead }: Turn["refusals"][number]): string[] {
  if (status === "waiting")
    return [
      `${visible(skill)} waits for you: ${visible(reason)}.`,
      `  mh approvals show ${shortId(approval ?? command)}`,
    ];
  const next = mayAskInstead
    ? `  Ask me instead: mh approvals ask-instead ${shortId(command)}`
    : `  mh why ${shortId(command)}`;
  return [`${visible(skill)} was denied: ${visible(reason)}.`, next];
}

/** What was said, as a chat shows it later. */
export function showMessage(print: Printer, message: Message): void {
  const { by, at, text, acts, sources, id } = message;
  const { dim } = print.color;
  print.line();
  print.line(dim(`${by === "owner" ? "You" : "mh"}, ${print.moment(at)}  [${shortId(id)}]`));
  for (const before of message.made?.steps ?? [])
    if (before.text !== "") print.line(dim(wrap(visible(before.text, { multiline: true }), print.width)));
  print.line(wrap(visible(text, { multiline: true }), print.width));
  const used = new Set(message.citations.flatMap((citation) => citation.sources));
  for (const source of sources.filter((each) => used.has(each.id)))
    print.line(dim(wrap(sourceLine(source), print.width, "  ")));
  const calls = new Map((message.made?.steps ?? []).flatMap((step) => step.calls.map((call) => [call.command, call])));
  for (const { skill, status, command } of acts.filter(({ changes, status }) => changes || status !== "done")) {
    const gave = calls.get(command)?.gave;
    print.line(
      dim(
        wrap(
          `  ${visible(skill)}: ${status} [${shortId(command)}]${gave ? ` ${visible(gave)}` : ""}`,
          print.width,
          "  ",
        ),
      ),
    );
  }
  if (message.made) print.line(dim(wrap(`  ${sawLine(message.made)}`, print.width, "  ")));
}

/** What the model was shown, by whose words it was, and what it came to. */
function sawLine({ saw, spent }: NonNullable<Message["made"]>): string {
  const parts = saw.map(({ what, origins, tokens }) => {
    const whose = what === "memories" ? ` of ${visible(origins.join(", "))}` : "";
    return `${what}${whose} ${tokens}`;
  });
  const cost = spent.currency === null ? "" : `, ${moneyWords(spent.minor, spent.currency)}`;
  return `It saw ${parts.join(", ") || "nothing"}; ${spent.input + spent.output} tokens${cost}.`;
}
