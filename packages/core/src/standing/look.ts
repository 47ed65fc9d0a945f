import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import { standingLook } from "@mh/contract/standing.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MailMessage } from "@mh/contract/values/mail-message.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { commandRow } from "../kernel/state.ts";
import { mailSettings } from "../mail/settings.ts";
import { idOfHash } from "../model/hashed-id.ts";
import type { Database } from "../ports/database.ts";
import { type Active, activeIn, keptIn } from "./notes.ts";
import { hasWords, isFrom, wordsIn } from "./people.ts";
import { lookedUpTo, type MatchRow, matchesSince } from "./standing-table.ts";
import { peopleOf, toldId, triesMax, tryAfterMs, type ViewDeps, whyOf } from "./view.ts";

export interface LookDeps extends ViewDeps {
  /** Sees committed state only. */
  reader: Database;
  /** The gate. */
  act: (command: Command) => Promise<Outcome>;
  /** Events of the past, and how many records there are. */
  replay: (from: number) => Iterable<Event>;
  committed: () => number;
  pause: () => Promise<void>;
}

/** What is listened to. */
export const heardEvents = ["memory.captured", "task.finished"];

/** So long before what was looked at last, mail is looked at again: servers take in late what they date early. */
const mailOverlapMs = 10 * 60_000;
/** What is older is told no more. */
const tellMsMax = 24 * 3_600_000;
const pieceOf = 500;

/** Finds what came, has it matched, and tells the owner by their own channels what matched and was not told. */
export function lookSkill(deps: LookDeps) {
  return defineOutside(standingLook, {
    stored: "kept",
    async run(_args, context) {
      if (!isOwner(context.principal))
        throw new Fault("args.invalid", "Only the owner, and the daemon for them, looks.");
      const failed: string[] = [];
      const active = activeIn(deps.reader);
      const matched = active.length === 0 ? 0 : await matchAll(deps, context, active, failed);
      const told = await tellAll(deps, context, failed);
      return { matched, told, failed };
    },
  });
}

async function matchAll(
  deps: LookDeps,
  context: OutsideContext,
  active: readonly Active[],
  failed: string[],
): Promise<number> {
  const until = deps.committed();
  const heard = await heardBefore(deps, active, until, context.signal);
  const mails = await mailsFor(deps, context, active, failed);
  const args: ArgsFor<"standing.match"> = { until, ...heard, ...mails };
  const outcome = await cause(deps, context, { skill: "standing.match", args });
  if (outcome.status === "done") return (outcome.value as ValueFor<"standing.match">).matched;
  failed.push(whyNot(outcome));
  return 0;
}

/** What the owner captured and finished since the last look, as the log says. */
async function heardBefore(deps: LookDeps, active: readonly Active[], until: number, signal: AbortSignal) {
  const earliest = Math.min(...active.map(({ createdMs }) => createdMs));
  const found = { memories: new Set<string>(), tasks: new Set<string>() };
  let count = 0;
  for (const { seq, name, at, subjects } of deps.replay(lookedUpTo(deps.reader)?.seq ?? 0)) {
    if (seq >= until) break;
    count += 1;
    if (count % pieceOf === 0) await deps.pause();
    signal.throwIfAborted();
    if (!heardEvents.includes(name) || Date.parse(at) < earliest) continue;
    for (const subject of subjects) {
      const [kind = "", id = ""] = subject.split(":");
      if (kind === "memory") found.memories.add(id);
      if (kind === "task") found.tasks.add(id);
    }
  }
  return { memories: [...found.memories].slice(-10_000), tasks: [...found.tasks].slice(-10_000) };
}

/** The mails that came from whom somebody waits for. A mailbox that cannot be read keeps nothing else back, and is read from there again. */
async function mailsFor(deps: LookDeps, context: OutsideContext, active: readonly Active[], failed: string[]) {
  const waiting = active.filter(({ condition }) => condition.type === "mail");
  const before = lookedUpTo(deps.reader)?.mailFrom ?? null;
  const accounts = mailSettings.of(context.config).accounts.filter(({ imap }) => imap !== undefined);
  if (waiting.length === 0 || accounts.length === 0) return { mailFrom: null, mails: [] };
  const earliest = Math.min(...waiting.map(({ createdMs }) => createdMs));
  const since = new Date(Math.max(earliest, Date.parse(before ?? "") || 0)).toISOString();
  const mails: ArgsFor<"standing.match">["mails"] = [];
  let isWhole = true;
  for (const { name } of accounts) {
    const outcome = await cause(deps, context, { skill: "mail.read", args: { account: name, since, limit: 50 } });
    if (outcome.status !== "done") {
      isWhole = false;
      failed.push(whyNot(outcome));
      continue;
    }
    const { messages, more } = outcome.value as ValueFor<"mail.read">;
    if (more)
      failed.push(`${name} has more than 50 mails since ${since.slice(0, 16)}: the older ones were not looked at.`);
    for (const mail of messages)
      for (const each of waiting) if (isMeant(deps, each, mail)) mails.push(mailOf(deps, each, mail));
  }
  const mailFrom = isWhole ? new Date(context.now - mailOverlapMs).toISOString() : since;
  return { mailFrom, mails: mails.slice(0, 1_000) };
}

function isMeant(deps: LookDeps, { condition, createdMs }: Active, mail: MailMessage): boolean {
  if (condition.type !== "mail") return false;
  const came = Date.parse(mail.receivedAt ?? mail.date ?? "");
  if (!(came >= createdMs)) return false;
  const { who, about } = condition;
  const isAbout = about === undefined || hasWords(`${mail.subject} ${mail.text}`, wordsIn(about));
  return isAbout && isFrom(mail, who, peopleOf(deps.reader, deps, condition));
}

/** Who wrote it belongs to what names a mail: another sender cannot take its id first. */
const mailOf = ({ crypto }: LookDeps, { id }: Active, { messageId, origin, receivedAt, subject }: MailMessage) => ({
  standing: id,
  key: `mail:${idOfHash(crypto, [origin, messageId ?? [receivedAt, subject]])}`,
});

/** Tells what matched and was not told. */
async function tellAll(deps: LookDeps, context: OutsideContext, failed: string[]): Promise<number> {
  let told = 0;
  for (const { id, title, body } of untold(deps, context.now)) {
    const outcome = await cause(deps, context, { id, skill: "notify.send", args: { title, body } });
    if (outcome.status === "done") told += 1;
    else failed.push(whyNot(outcome));
  }
  return told;
}

/** What matched within a day and is to be told, each look's matches of one standing intent together. */
export function untold(deps: Pick<LookDeps, "reader" | "crypto">, now: number) {
  const matches = matchesSince(deps.reader, now - tellMsMax);
  if (matches.length === 0) return [];
  const byId = new Map(keptIn(deps.reader).map((each) => [each.id, each]));
  const groups = Map.groupBy(matches, ({ standing, look }) => `${standing} ${look}`);
  return [...groups.values()].flatMap(([first, ...more]) => {
    const kept = first && byId.get(first.standing);
    const id = first && nextTry(deps, first, now);
    if (!first || id === undefined || kept?.action?.type !== "remind" || kept.status !== "on") return [];
    const times = more.length === 0 ? "" : ` (${more.length + 1} times)`;
    return [
      {
        id,
        title: `Remember: ${kept.action.text}`.slice(0, 200),
        body: `${whyOf(kept.condition, first.type)}${times}.`,
      },
    ];
  });
}

/** The id of the next try to tell it; undefined where it was told, may have been, or is not to be tried yet or any more. */
function nextTry(
  { reader, crypto }: Pick<LookDeps, "reader" | "crypto">,
  row: MatchRow,
  now: number,
): string | undefined {
  for (let nth = 0; nth < triesMax; nth += 1) {
    const id = toldId(crypto, row, nth);
    const status = commandRow(reader, id)?.status;
    if (status === undefined) return now >= row.ms + tryAfterMs(nth) ? id : undefined;
    if (status !== "failed") return undefined;
  }
  return undefined;
}

function cause({ act }: LookDeps, { principal, commandId, task }: OutsideContext, command: Omit<Command, "principal">) {
  return act({ ...command, principal, cause: commandId, ...(task !== undefined && { task: { id: task, words: "" } }) });
}

function whyNot(outcome: Outcome): string {
  if (outcome.status === "failed") return outcome.fault.message;
  return `${outcome.id} ended as ${outcome.status}. \`mh why ${outcome.id}\``;
}
