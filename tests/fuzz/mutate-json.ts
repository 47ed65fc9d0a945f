import { type Dice, lengthFrom } from "./dice.ts";
import { mutatedBytes, numbers, oddText, repeatedMax } from "./mutate.ts";

/** A value of JSON as it is written: a key may stand twice, and a leaf may be no JSON at all. */
type Written = string | Written[] | { entries: [key: string, value: Written][] };

/** A text of JSON, changed in its form: by schema's wrong types, edges, keys of prototypes, keys twice, parts of others. */
export function mutatedJson(dice: Dice, texts: readonly string[]): string {
  const whole: [string, Written][] = [["", writtenOf(JSON.parse(dice.pick(texts)))]];
  for (let left = 1 + dice.below(4); left > 0; left -= 1) change(dice, whole, texts);
  const text = printed(whole[0]?.[1] ?? "null");
  if (!dice.chance(0.15)) return text;
  const others = texts.map((each) => Buffer.from(each));
  return mutatedBytes(dice, Buffer.from(text), others).toString("utf8");
}

function change(dice: Dice, whole: [string, Written][], texts: readonly string[]): void {
  const slots = slotsIn(whole);
  const { value, put, entries } = dice.pick(slots);
  const donor = () => dice.pick(slotsIn([["", writtenOf(JSON.parse(dice.pick(texts)))]])).value;
  switch (dice.below(8)) {
    case 0:
      return put(dice.pick(edges));
    case 1:
      return put(JSON.stringify(oddText(dice)));
    case 2:
      return put(donor());
    case 3: {
      const [open, close] = dice.pick([
        ["[", "]"],
        ['{"a":', "}"],
        ['[{"a":', "}]"],
      ] as const);
      const depth = lengthFrom(dice, 50_000);
      return put(`${open.repeat(depth)}${printed(value)}${close.repeat(depth)}`);
    }
    case 4: {
      const text = printed(value);
      const length = Math.min(lengthFrom(dice), Math.floor(repeatedMax / text.length));
      // One of them is changed further, not all at once.
      return put([value, ...Array<string>(length).fill(text)]);
    }
    case 5:
      // Twice the same key, or one that an object has by itself.
      entries?.push([
        dice.chance(0.5) ? dice.pick(ownKeys) : (dice.pick(entries)?.[0] ?? "a"),
        dice.chance(0.5) ? donor() : printed(value),
      ]);
      return;
    case 6:
      entries?.splice(dice.below(entries.length), 1);
      return;
    default: {
      const entry = entries && dice.pick(entries);
      if (entry) entry[0] = dice.pick(ownKeys);
    }
  }
}

interface Slot {
  value: Written;
  put(value: Written): void;
  /** Of the object that it stands in. */
  entries?: [string, Written][];
}

function slotsIn(entries: [string, Written][]): Slot[] {
  return entries.flatMap((entry) => {
    const put = (value: Written) => {
      entry[1] = value;
    };
    return [{ value: entry[1], put, ...(entry[0] !== "" && { entries }) }, ...slotsBelow(entry[1])];
  });
}

function slotsBelow(value: Written): Slot[] {
  if (typeof value === "string") return [];
  if (!Array.isArray(value)) return slotsIn(value.entries);
  return value.slice(0, 50).flatMap((each, n) => {
    const put = (other: Written) => {
      value[n] = other;
    };
    return [{ value: each, put }, ...slotsBelow(each)];
  });
}

function writtenOf(value: unknown): Written {
  if (Array.isArray(value)) return value.map(writtenOf);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return { entries: Object.entries(value).map(([key, each]) => [key, writtenOf(each)]) };
}

function printed(value: Written): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `[${value.map(printed).join(",")}]`;
  return `{${value.entries.map(([key, each]) => `${JSON.stringify(key)}:${printed(each)}`).join(",")}}`;
}

const ownKeys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "toJSON",
  "then",
  "length",
  "hasOwnProperty",
  "id",
  "n",
  "",
  "\u0000",
  "\ud800",
  "$ref",
];

const edges = [
  ...numbers.filter((each) => /\d/.test(each)),
  ...[
    "null",
    "true",
    "false",
    "[]",
    "{}",
    "[[]]",
    '""',
    '" "',
    '"\\u0000"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\u202e"',
    '"__proto__"',
  ],
  ...[
    '"../../x"',
    '"/"',
    '"~"',
    '"."',
    '"2026-02-30"',
    '"9999-12-31T23:59:60Z"',
    '"-000001-01-01T00:00:00Z"',
    '"00000000-0000-0000-0000-000000000000"',
  ],
  ...[
    '{"__proto__":{"x":1}}',
    '{"toString":1,"valueOf":1}',
    '{"toJSON":1}',
    '{"length":1e9}',
    '{"then":1}',
    "[null]",
    '"owner"',
    '"agent:evil"',
  ],
];
