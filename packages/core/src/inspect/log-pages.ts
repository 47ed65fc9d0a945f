import type { ArgsOf } from "@mh/contract/contract.ts";
import type { logSearch } from "@mh/contract/inspect.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { skillName } from "../kernel/registry.ts";
import type { Inspector } from "./inspect.ts";

interface Page {
  records: JournalRecord[];
  /** `before` of the next, earlier page. */
  next: number | null;
}

type Log = Pick<Inspector, "records" | "size">;

const sliceRecords = 1000;

/** The latest records before a number, the earliest of them first. */
export function pageBefore(log: Log, limit: number, before = log.size()): Page {
  const to = Math.min(before, log.size());
  const from = Math.max(0, to - limit);
  return { records: [...log.records(from, to)], next: from > 0 ? from : null };
}

/** The same for records that fit. Looks at the log slice by slice from its end, and lets others have their turn. */
export async function searchBefore(
  log: Log,
  wanted: ArgsOf<typeof logSearch>,
  { signal, isRead = () => false }: { signal: AbortSignal; isRead?: (skill: string) => boolean },
): Promise<Page & { searched: number }> {
  const { limit, searchMax = Number.POSITIVE_INFINITY } = wanted;
  const fitting = fits(wanted);
  const isWanted = (record: JournalRecord) => fitting(record) && !(wanted.withoutReads && onlyRead(record, isRead));
  const since = wanted.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(wanted.since);
  const floor = (wanted.after ?? -1) + 1;
  const end = Math.min(wanted.before ?? log.size(), log.size());
  let found: JournalRecord[] = [];
  let at = end;
  while (at > floor && !signal.aborted) {
    if (end - at >= searchMax) return { records: found, next: at, searched: end - at };
    const from = Math.max(floor, at - (isEverythingWanted(wanted) ? limit - found.length : sliceRecords));
    const slice = [...log.records(from, at)];
    const more = slice.filter(isWanted);
    const room = limit - found.length;
    if (more.length > room) {
      const kept = more.slice(-room);
      const [first] = kept;
      return { records: [...kept, ...found], next: first?.seq ?? null, searched: end - (first?.seq ?? 0) };
    }
    found = [...more, ...found];
    at = from;
    if (found.length === limit && at > floor) return { records: found, next: at, searched: end - at };
    if (Date.parse(slice[0]?.ts ?? "") < since) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { records: found, next: null, searched: end - at };
}

const narrowing = ["principal", "skill", "phase", "outcome", "verdict", "rule", "task", "subject", "until"] as const;

/** Then a page is read, and no more. */
const isEverythingWanted = (wanted: ArgsOf<typeof logSearch>): boolean =>
  !wanted.withoutReads && narrowing.every((name) => wanted[name] === undefined);

/** What was cut off before its end says nothing either: nobody waited for it any more. What a page could not show, it said. */
const onlyRead = ({ phase, skill, outcome, principal }: JournalRecord, isRead: (skill: string) => boolean): boolean =>
  skill !== undefined &&
  isRead(skillName(skill)) &&
  (phase === "intent" || (phase === "outcome" && (outcome?.status !== "failed" || isOwner(principal))));

function fits(wanted: ArgsOf<typeof logSearch>): (record: JournalRecord) => boolean {
  const { principal, skill, phase, outcome, verdict, rule, task, subject, since, until } = wanted;
  const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
  const to = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
  const isSkill = (pinned: string | undefined) => {
    const name = pinned === undefined ? "" : skillName(pinned);
    return name === skill || name.startsWith(`${skill}.`);
  };
  return (record) => {
    const at = Date.parse(record.ts);
    return (
      at >= from &&
      at < to &&
      (principal === undefined || record.principal === principal) &&
      (skill === undefined || isSkill(record.skill)) &&
      (phase === undefined || record.phase === phase) &&
      (outcome === undefined || record.outcome?.status === outcome) &&
      (verdict === undefined || record.verdict === verdict) &&
      (rule === undefined || (record.rules ?? []).includes(rule)) &&
      (task === undefined || record.task === task) &&
      (subject === undefined || ((record.body?.subjects as string[] | undefined) ?? []).includes(subject))
    );
  };
}
