import { Fault } from "@mh/contract/values/fault.ts";
import { type CsvField, csvFields } from "@mh/contract/values/import-format.ts";
import { isDated, looksDated } from "./csv-dates.ts";

/** Which field is in which column, as the owner says; what is not said is found by name. */
export type CsvMap = Partial<Record<CsvField, string>>;

/** Where each field stands; the names of all columns, in order. */
export type Columns = { names: string[]; at: Partial<Record<CsvField, number>> };

/** Names that columns go by, the surest first. */
const names: Record<CsvField, string[]> = {
  content: "content text note notes body message entry memo description details comment inhalt notiz nachricht".split(
    " ",
  ),
  title: "title subject heading summary titel betreff".split(" "),
  at: "at date datetime timestamp createdat created creationdate createddate when startdate start startdatetime begin begindate eventdate day dateandtime datetimeutc time sentat sent updatedat modified datum zeitstempel zeitpunkt tag fecha data".split(
    " ",
  ),
  time: ["time", "starttime", "uhrzeit", "beginn", "clock"],
  id: ["id", "uid", "uuid", "guid", "externalid", "messageid", "key"],
  tags: "tags tag labels label categories category keywords schlagworte".split(" "),
  speaker: "speaker from author sender who user by von autor".split(" "),
  session: "session thread threadid conversation conversationid channel chat".split(" "),
};

/** They name a day in one language and something else in another: what stands below them tells. */
const isDoubtful = new Set(["tag", "data", "day", "start"]);

/**
 * Finds the fields by the names of the columns and what stands below them, or where `map` says. Throws a Fault where a mapped
 * one is not there.
 */
export function columnsOf(header: readonly string[], map: CsvMap, below: readonly string[] = []): Columns {
  const keys = header.map(keyOf);
  const taken = new Set<number>();
  const at: Columns["at"] = {};
  for (const field of csvFields) {
    const column = map[field];
    if (column === undefined) continue;
    const found = keys.indexOf(keyOf(column));
    if (found === -1)
      throw new Fault("import.unreadable", `There is no column ${column}; there are: ${header.join(", ")}.`);
    at[field] = found;
    taken.add(found);
  }
  for (const field of csvFields) {
    if (at[field] !== undefined) continue;
    const fits = (index: number) => field !== "at" || !isDoubtful.has(keys[index] ?? "") || isDated(below[index] ?? "");
    const byName = names[field]
      .map((name) => keys.indexOf(name))
      .find((index) => index !== -1 && !taken.has(index) && fits(index));
    const found = byName ?? (field === "at" ? dayColumn(keys, taken, below) : undefined);
    if (found === undefined) continue;
    at[field] = found;
    taken.add(found);
  }
  // A time of day means something beside a date only.
  if (at.at === undefined) delete at.time;
  return { names: [...header], at };
}

/** A column whose name ends as one of days does, "Buchungstag", "Invoice Date", and which dates stand below. */
function dayColumn(keys: readonly string[], taken: ReadonlySet<number>, below: readonly string[]): number | undefined {
  const found = keys.findIndex(
    (key, n) => !taken.has(n) && dayNames.test(key) && !birth.test(key) && looksDated(below[n] ?? ""),
  );
  return found === -1 ? undefined : found;
}
const dayNames = /(?:date|day|datum|tag|fecha|wann|zeitpunkt|cuando|quand|jour|дата)$|^(?:date|fecha|data|datum)/u;
const birth = /birth|geburt|nacimiento|naissance|nascimento|expir|ablauf|due|fällig|end/;

/** Whether the first row names the columns: it has known names, or at least nothing that only data would be. */
export function isHeader(cells: readonly string[], map: CsvMap): boolean {
  if (Object.keys(map).length > 0) return true;
  const known = new Set(Object.values(names).flat());
  const keys = cells.map(keyOf);
  const isNameLike = cells.every((cell) => cell.length <= 60 && !/^[-+]?[\d.,]+$/.test(cell) && !looksDated(cell));
  const named = keys.filter(Boolean);
  if (!isNameLike || named.length === 0) return false;
  // Two columns may have one name, where names are known; of data alone the same is said twice.
  if (new Set(named).size < named.length && !keys.some((key) => known.has(key))) return false;
  return cells.length > 1 || keys.some((key) => known.has(key));
}

/** The separator that parts the first lines most evenly. */
export function delimiterOf(sample: string): string {
  const lines = sample
    .replace(/"(?:[^"]|"")*"/g, "")
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, 50);
  const scored = [",", ";", "\t", "|"].map((delimiter) => {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    // What stands above a table has none.
    const usual = mostCommon(counts.filter((count) => count > 0));
    const same = counts.filter((count) => count === usual).length;
    return { delimiter, score: usual === 0 ? 0 : (same / counts.length) * 100 + Math.min(usual, 50) };
  });
  return scored.reduce((best, each) => (each.score > best.score ? each : best)).delimiter;
}

/** Of several that are as common, the one that comes first; 0 where there is none. */
export function mostCommon(numbers: readonly number[]): number {
  const groups = [...Map.groupBy(numbers, (each) => each)].map(([each, all]) => ({ each, count: all.length }));
  return groups.reduce((best, group) => (group.count > best.count ? group : best), { each: 0, count: 0 }).each;
}

function keyOf(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
