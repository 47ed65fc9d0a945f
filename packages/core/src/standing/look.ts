import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import { heardMax, mailsMax, standingLook } from "@mh/contract/standing.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MailMessage } from "@mh/contract/values/mail-message.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { commandRow } from "../kernel/state.ts";
import { whyNotDone } from "../kernel/why-not-done.ts";
import { mailSettings } from "../mail/settings.ts";
import type { Config } from "../model/config.ts";
import { idOfHash } from "../model/hashed-id.ts";
import type { Database } from "../ports/database.ts";
import { type Active, activeIn, keptIn } from "./notes.ts";
import { hasWords, isFrom, wordsIn } from "./people.ts";
import { lookedUpTo, type MailRead, type MatchRow, mailReadOf, matchesSince } from "./standing-table.ts";
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
      const active = activeIn(deps.reader, context.now);
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
  const end = deps.committed();
  let mails: Mails = await mailsFor(deps, context, active, failed);
  for (let matched = 0; ; mails = { mail: [], mails: [] }) {
    const heard = await heardBefore(deps, active, end, context.signal);
    const args: ArgsFor<"standing.match"> = { ...heard, ...mails };
    const outcome = await cause(deps, context, { skill: "standing.match", args });
    if (outcome.status !== "done") {
      failed.push(whyNotDone(outcome));
      return matched;
    }
    matched += (outcome.value as ValueFor<"standing.match">).matched;
    if (heard.until === end) return matched;
  }
}

/** What the owner captured and finished since the last look, as the log says: as much as one step matches. */
async function heardBefore(deps: LookDeps, active: readonly Active[], end: number, signal: AbortSignal) {
  const earliest = Math.min(...active.map(({ sinceMs }) => sinceMs));
  const found = { memory: new Map<string, string>(), task: new Map<string, string>() };
  let until = end;
  let count = 0;
  for (const { seq, name, at, subjects } of deps.replay(lookedUpTo(deps.reader)?.seq ?? 0)) {
    if (seq >= end) break;
    count += 1;
    if (count % pieceOf === 0) await deps.pause();
    signal.throwIfAborted();
    if (!heardEvents.includes(name) || Date.parse(at) < earliest) continue;
    const size = found.memory.size + found.task.size;
    if (size > 0 && size + subjects.length > heardMax) {
      until = seq;
      break;
    }
    for (const subject of subjects) {
      const [kind = "", id = ""] = subject.split(":");
      if (kind === "memory" || kind === "task") found[kind].set(id, at);
    }
  }
  const heard = (kind: "memory" | "task") => [...found[kind]].map(([id, at]) => ({ id, at }));
  return { until, memories: heard("memory"), tasks: heard("task") };
}

type Mails = Pick<ArgsFor<"standing.match">, "mail" | "mails">;

/** So many mails are read at a time, and so often of one mailbox in one look; the next look reads on. */
const [pageMax, pagesMax] = [50, 4];

/** The mails that came from whom somebody waits for. A mailbox that cannot be read keeps nothing else back, and is read from there again. */
async function mailsFor(
  deps: LookDeps,
  context: OutsideContext,
  active: readonly Active[],
  failed: string[],
): Promise<Mails> {
  const found: Mails = { mail: [], mails: [] };
  const waiting = active.filter(({ condition }) => condition.type === "mail");
  if (waiting.length === 0) return found;
  const since = new Date(Math.min(...waiting.map(({ sinceMs }) => sinceMs))).toISOString();
  const limit = Math.max(1, Math.min(pageMax, Math.floor(mailsMax / waiting.length)));
  for (const { name } of accountsWithMail(context.config)) {
    let read = mailReadOf(deps.reader, name);
    for (let pages = 0; pages < pagesMax && found.mails.length + limit * waiting.length <= mailsMax; pages += 1) {
      const page = await mailPage(deps, context, { account: name, since, limit }, read);
      if ("failed" in page) {
        failed.push(page.failed);
        // It is not asked again at once.
        if (read) read = { ...read, more: false };
        break;
      }
      read = page.read;
      for (const mail of page.messages)
        for (const each of waiting) if (isMeant(deps, each, mail)) found.mails.push(mailOf(deps, each, mail));
      if (!read.more) break;
    }
    if (read) found.mail.push(read);
  }
  return found;
}

export const accountsWithMail = (config: Config) =>
  mailSettings.of(config).accounts.filter(({ imap }) => imap !== undefined);

/** The next mails in the order in which the server took them in. Where its numbers are others by now, the first since then. */
async function mailPage(
  deps: LookDeps,
  context: OutsideContext,
  wanted: { account: string; since: string; limit: number },
  before: MailRead | undefined,
): Promise<{ read: MailRead; messages: MailMessage[] } | { failed: string }> {
  const from = before?.uid ?? 0;
  const outcome = await cause(deps, context, { skill: "mail.read", args: { ...wanted, after: from } });
  if (outcome.status !== "done") return { failed: whyNotDone(outcome) };
  const { uidValidity, messages, more, through } = outcome.value as ValueFor<"mail.read">;
  if (before && before.uidValidity !== uidValidity) return mailPage(deps, context, wanted, undefined);
  return { read: { account: wanted.account, uidValidity, uid: through ?? from, more }, messages };
}

function isMeant(deps: LookDeps, { condition, sinceMs }: Active, mail: MailMessage): boolean {
  if (condition.type !== "mail") return false;
  const came = Date.parse(mail.receivedAt ?? mail.date ?? "");
  if (!(came >= sinceMs)) return false;
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
    else failed.push(whyNotDone(outcome));
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
