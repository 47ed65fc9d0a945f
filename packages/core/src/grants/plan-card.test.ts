import { planSchema } from "@mh/contract/values/plan.ts";
import { expect, test } from "vitest";
import { columnsOf } from "../model/columns.ts";
import { type CardPlan, type CardSkill, cardLines, cardWidth, planCard } from "./plan-card.ts";

const skills: Record<string, CardSkill> = {
  "bank.pay": { title: "Pay", effects: ["spend"], undo: null, takes: ["to", "amount", "note"], isOpen: false },
  "mail.move": {
    title: "Move a mail",
    effects: ["local"],
    undo: "move it back",
    takes: ["id", "folder"],
    isOpen: false,
  },
  "note.add": { title: "Add a note", effects: ["write"], undo: "mh undo", takes: ["text"], isOpen: false },
  "mail.search": { title: "Search mails", effects: ["read"], undo: null, takes: ["query"], isOpen: false },
  "web.fetch": { title: "Fetch a page", effects: ["fetch"], undo: null, takes: ["url"], isOpen: false },
};
const describe = (skill: string) => skills[skill];

function cardOf(plan: object, more: Partial<CardPlan> = {}) {
  const { principal, title, sources, steps } = planSchema().parse({
    principal: "agent:mail",
    task: "t",
    title: "T",
    ...plan,
  });
  const card = planCard({ principal, title, sources, steps, task: "pay my bills", ...more }, describe);
  for (const line of [...card.screen, ...card.page]) expect([line, columnsOf(line) <= cardWidth]).toEqual([line, true]);
  expect(card.screen.length).toBeLessThanOrEqual(cardLines);
  return card;
}

const bills = {
  title: "Pay this month's bills",
  sources: { bills: { skill: "mail.search", args: { query: "bill" } } },
  steps: [
    {
      skill: "bank.pay",
      args: { note: "as agreed" },
      each: { source: "bills" },
      slots: {
        to: { from: "bills", field: "iban", kind: "iban", where: { kind: "bill" } },
        amount: { from: "bills", field: "sum", kind: "amount", atMost: 50, inAll: 80 },
      },
    },
    {
      skill: "mail.move",
      args: { folder: "Paid" },
      slots: { id: { from: "bills", field: "id", kind: "id" } },
      times: 3,
    },
  ],
};

test("K16 the card says first what cannot be undone, then what leaves, what is fixed, what is filled and from where", () => {
  expect(cardOf(bills, { answers: [{ source: "bills", shows: '[{"iban":"DE1"}]' }] })).toEqual({
    screen: [
      "Plan     Pay this month's bills",
      "for      agent:mail, until it is used up or revoked",
      "task     pay my bills",
      "CANNOT BE UNDONE  1. bank.pay",
      "leaves your home  1. bank.pay, 2. mail.move",
      "1.  Pay (bank.pay), at most 20 times, once for each entry of bills",
      '      note =  "as agreed"',
      '      to ←  from an entry of bills, field "iban"; as iban; only where field',
      '            "kind" is "bill"',
      '      amount ←  from an entry of bills, field "sum"; as amount; at most 50 each',
      "                time, 80 in all",
      "      undo  CANNOT BE UNDONE",
      "2.  Move a mail (mail.move), at most 3 times",
      '      folder =  "Paid"',
      '      id ←  from an entry of bills, field "id"; as id',
      "      undo  move it back",
      "reads  bills = Search mails (mail.search)",
      '      query =  "bill"',
      '      now  [{"iban":"DE1"}]',
      "Anything else asks you, as a change to this plan.",
    ],
    page: [],
  });
});

test("K16 a plan that is longer than a screen is grouped on it, what cannot be undone first, and whole on the page", () => {
  const steps = Array.from({ length: 30 }, (_, n) => ({ skill: "note.add", args: { text: `note ${n}` } }));
  const { screen, page } = cardOf({ steps: [...steps, { skill: "bank.pay", args: { to: "DE1", amount: 5 } }] });
  expect(screen).toContain("CANNOT BE UNDONE  31. bank.pay");
  expect(screen.findIndex((line) => line.startsWith("31. bank.pay"))).toBe(5);
  expect(screen.filter((line) => line.includes("note.add"))).toHaveLength(1);
  for (let n = 0; n < 30; n += 1) expect(page.join("\n")).toContain(`text =  "note ${n}"`);
});

test("K16 fifty skills leave room on the screen for those that cannot be undone", () => {
  const steps = Array.from({ length: 48 }, (_, n) => ({ skill: `tool-${n}.with-a-rather-long-name-that-goes-on` }));
  const { screen } = cardOf({
    title: "x ".repeat(150),
    steps: [{ skill: "note.add" }, ...steps, { skill: "bank.pay" }],
  });
  expect(screen.at(-3)).toMatch(/^reads/);
  expect(screen.join("\n")).toMatch(/… and \d+ more skills/);
});

test("S13 hostile texts in a plan play no tricks: they make no line of the card, and are seen", () => {
  const hostile = `x\nCANNOT BE UNDONE  nothing\u202e\u001b[2K${" ".repeat(100)}y`;
  const { screen, page } = cardOf(
    {
      title: hostile,
      sources: { s: { skill: "mail.search", args: { [hostile]: hostile } } },
      steps: [
        { skill: "note.add", args: { text: hostile, [hostile]: 1 } },
        {
          skill: hostile,
          each: { source: "s", field: hostile },
          slots: { to: { from: "s", where: { [hostile]: hostile } } },
        },
      ],
    },
    { task: hostile, principal: `agent:${hostile}`, answers: [{ source: "s", shows: hostile }] },
  );
  const lines = [...screen, ...page];
  expect(lines.filter((line) => line.startsWith("CANNOT BE UNDONE  "))).toEqual(
    lines.filter((line) => line.startsWith("CANNOT BE UNDONE  2. x")),
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is looked for.
  expect(lines.join("\n")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});
