import { isTimeSaid } from "@mh/contract/values/dated-by.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Asked } from "./asked.ts";
import type { Evidence } from "./evidence.ts";

const comparableShare = 0.65;

/** Among memories that fit about as well as the best one, how late, how early and how large each is, as far as it is asked. */
export function inOrder({ wants }: Asked, all: readonly Evidence[], now: Date): Evidence[] {
  const most = Math.max(0, ...all.map(fits));
  const isOver = ({ hit }: Evidence) => wants.isAhead || Date.parse(hit.record.at) <= now.getTime();
  const comparable = all.filter(
    (each) => fits(each) >= most * comparableShare && each.features.states === 1 && isOver(each),
  );
  const said = comparable.filter(({ hit }) => isWhenSaid(hit.record));
  // What only its file dates is neither first nor last beside what says when it was.
  const fitting = wants.order !== undefined && said.length > 0 ? said : comparable;
  const late = placeAmong(fitting, ({ hit }) => timeOf(hit.record, now));
  const current = placeAmong(
    fitting.filter(({ features }) => features.value >= plainFrom),
    ({ hit }) => timeOf(hit.record, now),
  );
  const large = placeAmong(
    fitting.filter(({ value }) => value !== undefined),
    ({ value }) => numberOf(value?.text ?? ""),
  );
  return all.map((each) => {
    const [at, size] = [late(each), large(each)];
    if (at === undefined) return each;
    const extreme = size === undefined || !wants.extreme ? 0 : sharp(wants.extreme === "most" ? size : 1 - size);
    const [last, earliest] = [wants.order === "latest" ? at : 0, wants.order === "earliest" ? 1 - at : 0];
    const order = {
      ...{ latest: last, earliest },
      ...{ lastOf: wants.isUtmost ? sharp(last) : 0, firstOf: wants.isUtmost ? sharp(earliest) : 0 },
      current: wants.isCurrent ? (current(each) ?? 0) : 0,
      newest: wants.isPresent && wants.order === undefined ? at : 0,
      extreme,
    };
    return { ...each, features: { ...each.features, ...order } };
  });
}

const plainFrom = 0.45;

/** Only the very last, first or largest is what is asked for; the others are as good as each other. */
const sharp = (place: number): number => (place === 1 ? 1 : place / 2);

function placeAmong(all: readonly Evidence[], of: (each: Evidence) => number) {
  const sorted = all.map(of).sort((a, b) => a - b);
  return (each: Evidence): number | undefined => {
    if (!all.includes(each)) return undefined;
    return sorted.length < 2 ? 0.5 : sorted.indexOf(of(each)) / (sorted.length - 1);
  };
}

/** "23:31" as seconds, "1.384" and "10,740" as they are meant. */
function numberOf(text: string): number {
  const clock = /(?<!\d)\d+(?::\d{2})+/.exec(text)?.[0];
  if (clock) return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  const plain =
    /\d[\d.,’' ]*/
      .exec(text)?.[0]
      .replace(/[.,’' ](?=\d{3}(?!\d))/g, "")
      .replace(",", ".") ?? "";
  return Number.parseFloat(plain) || 0;
}

const fits = ({ features }: Evidence): number => features.cover + features.inTime;

const isWhenSaid = (record: MemoryRecord): boolean => isTimeSaid(record) || record.eventAt.length > 0;

/** When it happened, as far as that is over; else when it was told. */
function timeOf({ at, eventAt, source }: MemoryRecord, now: Date): number {
  if (source === "capture") return Date.parse(at);
  const over = eventAt.map(({ from }) => Date.parse(from)).filter((from) => from <= now.getTime());
  return over.length > 0 ? Math.max(...over) : Date.parse(at);
}
