import { text } from "../text/text.ts";
import { type LogRecord, skillOf } from "./record.ts";

/** Titles of skills, by name, as the log's pages gave them. */
export type Titles = Readonly<Record<string, string>>;

/** What a record tells, in words: what its skill does, and to whom or where, as the command's first record says. */
export function wordsFor(records: readonly LogRecord[], titles: Titles): (record: LogRecord) => string {
  const first = new Map(records.filter(({ request }) => request).map((record) => [record.id, record]));
  return (record) => {
    if (record.phase === "checkpoint") return text.audit.checkpointTo(Number(record.body?.size ?? 0));
    if (record.skill === undefined)
      return text.audit.phases[record.phase as keyof typeof text.audit.phases] ?? record.phase;
    const name = skillOf(record);
    return `${titles[name] ?? name}${objectOf(record.request ? record : (first.get(record.id) ?? record))}`;
  };
}

const shownMax = 2;

/** To whom, at which hosts, or at which paths; nothing where the command stays in the home. */
function objectOf({ request }: LogRecord): string {
  const { recipients = [], hosts = [], paths = [] } = request?.[0]?.scope ?? {};
  if (recipients.length > 0) return text.audit.to(listed(recipients));
  if (hosts.length > 0) return text.audit.at(listed(hosts));
  return paths.length > 0 ? text.audit.at(listed(paths)) : "";
}

function listed(names: readonly string[]): string {
  const more = names.length - shownMax;
  return `${names.slice(0, shownMax).join(", ")}${more > 0 ? text.audit.andMore(more) : ""}`;
}

/** One record of each command that has its end among them: that tells the same, and how it went. */
export function endsOnly(records: readonly LogRecord[]): LogRecord[] {
  const ended = new Set(records.filter(({ phase }) => phase === "outcome").map(({ id }) => id));
  return records.filter(({ phase, skill, id }) => (phase !== "intent" && skill !== undefined) || !ended.has(id));
}
