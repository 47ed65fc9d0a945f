import { type ToolFacts, toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { expect, test } from "vitest";
import { OwnerWords } from "../provenance/owner-words.ts";
import { narrowSlot, rowsRead } from "./narrow-slot.ts";
import type { HonestCall } from "./told-by-then.ts";

const facts = (more: object): ToolFacts => toolFactsSchema.parse(more);
const words = new OwnerWords("Pay the gas bill of Bergen Energy, 80 at most");

/** The slot for the value of an argument, from a list with one entry, or several. */
function slotFor(
  call: { types?: object; takes?: object; value: string | number; isRead?: boolean },
  list: object,
  ...entries: unknown[]
) {
  const { value, isRead = false, ...more } = call;
  const acting: HonestCall = {
    ...{ id: "2", skill: "act", effect: "send", args: { x: value } },
    facts: facts({ control: ["x"], ...more }),
  };
  const read: HonestCall = { id: "1", skill: "list", effect: "read", args: {}, facts: facts(list), output: entries };
  return narrowSlot(acting, { name: "x", path: "x", value }, [{ name: "list-1", rows: rowsRead(read), isRead }], words);
}

const own = { writers: "self" };
const members = { writers: "members" };
const names = { ...members, fields: { "*": "label" } };
const many = Array.from({ length: 20 }, (_, n) => `room ${n}`);

test.for<[string, Parameters<typeof slotFor>, object]>([
  [
    "an id of the kind that the argument takes, from an entry of any writer",
    [
      { takes: { x: "mail" }, value: 7 },
      { ids: "mail", fields: { id: "record" } },
      { id: 7, subject: "Gas" },
    ],
    { from: "list-1", field: "id", kind: "id" },
  ],
  [
    "a name in a list of the owner's group that was read, and it must be one of those",
    [{ types: { x: "channel" }, value: "garden", isRead: true }, names, "garden", "kitchen"],
    { from: "list-1", kind: "name", oneOf: ["garden", "kitchen"] },
  ],
  [
    "an account of the owner's own list, of the entry that the owner spoke of",
    [
      { types: { x: "iban" }, value: "DE89370400440532013000" },
      { ...own, fields: { iban: "party", name: "label" } },
      { iban: "DE89370400440532013000", name: "Bergen Energy" },
    ],
    { from: "list-1", field: "iban", kind: "iban", where: { name: "Bergen Energy" } },
  ],
  [
    "a sum of the owner's own list, up to what the owner named",
    [{ types: { x: "amount" }, value: 45.5 }, { ...own, fields: { due: "record" } }, { due: 45.5 }],
    { from: "list-1", field: "due", kind: "amount", atMost: 80 },
  ],
])("K16 a slot is filled by %s", ([, parts, slot]) => {
  expect(slotFor(...parts)).toEqual(slot);
});

test.for<[string, Parameters<typeof slotFor>]>([
  [
    "a text of the owner's own",
    [{ types: { x: "iban" }, value: "DE89370400440532013000" }, own, { body: "DE89370400440532013000" }],
  ],
  [
    "who wrote a mail",
    [{ types: { x: "email" }, value: "eve@evil.example" }, { fields: { from: "party" } }, { from: "eve@evil.example" }],
  ],
  [
    "whom a list of the owner's group names, where it goes to them",
    [
      { types: { x: "email" }, value: "tom@b.example" },
      { ...members, fields: { who: "party" } },
      { who: "tom@b.example" },
    ],
  ],
  [
    "a name in a list of the owner's group that is still to be read",
    [{ types: { x: "channel" }, value: "a" }, names, "a"],
  ],
  [
    "a name among more than a card can show",
    [{ types: { x: "channel" }, value: "a", isRead: true }, names, "a", ...many],
  ],
  [
    "a name that anybody may choose",
    [{ types: { x: "file" }, value: "a" }, { fields: { name: "label" } }, { name: "a" }],
  ],
  [
    "an id of another kind",
    [{ takes: { x: "file" }, value: 7 }, { ...own, ids: "mail", fields: { id: "record" } }, { id: 7 }],
  ],
  ["a sum that others wrote", [{ types: { x: "amount" }, value: 45.5 }, { fields: { due: "record" } }, { due: 45.5 }]],
  [
    "an entry of the owner's own store that others' text went into",
    [
      { types: { x: "iban" }, value: "DE89370400440532013000" },
      { ...own, fields: { iban: "record" } },
      { iban: "DE89370400440532013000", origins: ["owner"] },
    ],
  ],
])("K16 a slot is too wide for %s", ([, parts]) => {
  expect(slotFor(...parts)).toBeUndefined();
});
