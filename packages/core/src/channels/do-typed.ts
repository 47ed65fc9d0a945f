import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Run } from "../kernel/run.ts";
import { commandRow } from "../kernel/state.ts";
import { idOfHash } from "../model/hashed-id.ts";
import type { AnswerDeps } from "./answers.ts";
import { type InboxRow, lastNew } from "./channels-table.ts";
import type { Paired } from "./paired.ts";
import type { Followed } from "./show-run.ts";
import { whyCommand } from "./words.ts";

type Shown = { text: string } | (Followed & { id: string });

/** Does what was typed, as the device that it came from, and gives what is shown for it. */
export async function doTyped(deps: AnswerDeps, row: InboxRow, to: Paired, text: string): Promise<Shown> {
  switch (row.what) {
    case "note":
      return { text: await note(deps, row, to, text) };
    case "approvals":
      return { text: waitingText(deps) };
    case "new":
      return text === "" ? { text: "Another chat begins." } : say(deps, row, to, text);
    case "say":
      return say(deps, row, to, text);
  }
}

async function note({ act, crypto }: AnswerDeps, row: InboxRow, { principal }: Paired, text: string): Promise<string> {
  const id = idOfHash(crypto, ["channel does", row.id]);
  const task = { id, words: text, by: "person" } as const;
  const outcome = await act({ id, principal, skill: "memory.capture", args: { text }, task });
  if (outcome.status !== "done") return whyNot(outcome);
  const { deduplicated } = outcome.value as ValueFor<"memory.capture">;
  return deduplicated ? "You told that already today." : "Kept.";
}

function waitingText({ reader, clock }: AnswerDeps): string {
  const sql = "SELECT count(*) AS count FROM approvals WHERE status = 'open' AND expires_ms > ?";
  const { count } = reader.prepare(sql).get(clock.now()) as { count: number };
  return count === 0
    ? "Nothing waits for you."
    : `${count === 1 ? "One request waits" : `${count} requests wait`} for you.`;
}

/** One chat goes on for each device, until it begins another. */
async function say(deps: AnswerDeps, row: InboxRow, to: Paired, text: string): Promise<Shown> {
  const { act, crypto, reader } = deps;
  const { principal, device } = to;
  const id = idOfHash(crypto, ["channel chat", device.id, lastNew(reader, device.id, row) ?? ""]);
  const started = await act({ id, principal, skill: "chat.start", args: {} });
  if (started.status !== "done") return { text: whyNot(started) };
  const run = await turn(deps, { row, to, chat: id, text });
  return { id: run.id, run, textOf: turnText };
}

/**
 * The turn for a message. One that was cut off goes on from what it had kept, so that nothing is done twice; where it had not
 * even kept what was said, it begins anew.
 */
async function turn(
  { begin, crypto, reader }: AnswerDeps,
  { row, to, chat, text }: { row: InboxRow; to: Paired; chat: string; text: string },
): Promise<Run> {
  let args: { chat: string; text?: string } = { chat, text };
  for (let nth = 0; ; nth += 1) {
    const id = idOfHash(crypto, ["channel does", row.id, nth]);
    const known = commandRow(reader, id)?.status;
    if (known === "interrupted") {
      args = isKept(reader, id) ? { chat } : { chat, text };
      continue;
    }
    return begin({
      id,
      principal: to.principal,
      skill: "chat.say",
      args,
      task: { id: chat, words: text, by: "person" },
    });
  }
}

/** Whether a turn had kept what was said before it was cut off. */
const isKept = (reader: AnswerDeps["reader"], cause: string): boolean =>
  reader
    .prepare("SELECT 1 FROM commands WHERE cause = ? AND skill LIKE 'chat.keep@%' AND status = 'done'")
    .get(cause) !== undefined;

/** The answer, and beside it what the log knows: whatever the answer claims. */
function turnText(outcome: Outcome): string {
  if (outcome.status !== "done") return whyNot(outcome);
  const { text, acts, refusals, end } = outcome.value as ValueFor<"chat.say">;
  if (end === "steered") return "Taken up by the answer above.";
  const done = acts.filter(({ changes, status }) => changes && status === "done").map(({ skill }) => skill);
  const lines = refusals.map(({ skill, status, reason, command }) =>
    status === "waiting"
      ? `Waits for you: ${skill} (${visible(reason)})`
      : `Denied: ${skill} (${visible(reason)}; ${whyCommand(command)})`,
  );
  const log = [...(done.length > 0 ? [`Done, says the log: ${done.join(", ")}`] : []), ...lines];
  return [visible(text, { multiline: true }), ...(log.length > 0 ? [log.join("\n")] : [])].join("\n\n");
}

function whyNot(outcome: Exclude<Outcome, { status: "done" }>): string {
  switch (outcome.status) {
    case "failed":
      return outcome.fault.message;
    case "denied":
      return `Denied: ${visible(outcome.reason)}. ${whyCommand(outcome.id)}`;
    case "parked":
      return "It waits for your approval.";
    case "interrupted":
    case "repeated":
      return outcome.message;
  }
}
