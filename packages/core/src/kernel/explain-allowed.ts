import type { JournalRecord } from "@mh/contract/values/record.ts";

/** Something that the owner said beforehand or when asked, by which a command was let through. */
export interface AllowedBy {
  /** `endorsement`: an approval of another command of its task, which showed a value that this one uses. */
  kind: "approval" | "plan" | "endorsement";
  /** Of the approval or the plan; `mh why` and `mh approvals show` take it. */
  id: string;
  /** Of a plan: the number of the step, from 1, the name of a source, or `change`. */
  step?: string;
  /** Of an approval: the plan that it changed. */
  plan?: string;
  /** The plan's title. */
  title?: string;
  /** Number of the record that gave it; null where the log holds none. */
  seq: number | null;
  /** When, ISO 8601; absent with the record. */
  at?: string;
}

type About = (id: string) => JournalRecord[];

/** What let a command through, from the log alone; nothing where standing rules and grants did. */
export function allowedBy(about: About, records: readonly JournalRecord[], id: string): AllowedBy[] {
  // One that was approved was judged twice: when it asked, and when it ran.
  const ran = records.findLast((record) => record.id === id && record.verdict === "allow");
  if (!ran) return [];
  const found: AllowedBy[] = [];
  if (ran.body?.approved === true) {
    const { change } = ran.body;
    const changed = typeof change === "string" ? { plan: change, ...titled(planIn(about, change)) } : {};
    found.push({ ...given("approval", id, approvedIn(records, id)), ...changed });
  }
  for (const { plan, endorsed = [] } of ran.request ?? []) {
    if (plan !== undefined) found.push(planned(about, plan));
    for (const each of endorsed) found.push(given("endorsement", each, approvedIn(about(each), each)));
  }
  return found;
}

const approvedIn = (records: readonly JournalRecord[], id: string) =>
  records.find(({ phase, ref }) => phase === "approve" && ref === id);

function planned(about: About, step: string): AllowedBy {
  const [id = "", n = ""] = step.split("/");
  const record = planIn(about, id);
  return { ...given("plan", id, record), step: n, ...titled(record) };
}

const planIn = (about: About, id: string) => about(id).find(({ phase, ref }) => phase === "grant" && ref === id);

function titled(record: JournalRecord | undefined): Pick<AllowedBy, "title"> {
  const { title } = (record?.body?.plan ?? {}) as { title?: string };
  return title === undefined ? {} : { title };
}

const given = (kind: AllowedBy["kind"], id: string, record: JournalRecord | undefined): AllowedBy => ({
  ...{ kind, id, seq: record?.seq ?? null },
  ...(record && { at: record.ts }),
});
