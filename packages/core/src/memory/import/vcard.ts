import type { Entity } from "@mh/contract/values/memory.ts";
import ICAL from "ical.js";
import { bounded, oneLine, storable } from "./bounded.ts";
import { type Block, blocksOf, contentLines } from "./content-lines.ts";
import { distinct } from "./distinct.ts";
import type { Found, ImportContext } from "./found.ts";
import { englishMonths } from "./month-names.ts";
import { joinSoftBreaks, modernLine } from "./vcard-legacy.ts";

/** One line of a card: its name in lower case, its types (home, work), its values as text. */
type Property = { name: string; group: string; types: string[]; values: string[] };
type Fact = { predicate: string; object: string; type?: string };

const linesMax = 5_000;
const objectMax = 10_000;

/** Reads contacts (vCard 2.1, 3.0 and 4.0: RFC 2426, RFC 6350): each thing that a card says is one fact. */
export function parseContacts(text: string, context: ImportContext): Generator<Found> {
  return distinct(contactsOf(text, context), context);
}

function* contactsOf(text: string, context: ImportContext): Generator<Found> {
  const cards = blocksOf(contentLines(joinSoftBreaks(text)), new Set(["VCARD"]));
  let count = 0;
  const unread = new Map<string, number>();
  const names = /MEMBER/i.test(text) ? namesByUid(text) : new Map<string, string>();
  for (const card of cards) {
    count += 1;
    yield* readCard(card, { ...context, unread, names });
  }
  if (unread.size > 0) {
    const list = [...unread].map(([name, times]) => `${name} (${times})`).join(", ");
    yield { note: `Properties that are not read: ${oneLine(list, 1_000)}.`, where: "the file" };
  }
  if (count === 0) yield { refused: "There is no contact in it.", externalId: null, where: "the file" };
}

/** What a file's cards share: how often each property stood there that nobody reads, and what each card is called. */
type Cards = ImportContext & { unread: Map<string, number>; names: ReadonlyMap<string, string> };

/** A group names its members by the ids of their cards. */
function namesByUid(text: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const card of blocksOf(contentLines(joinSoftBreaks(text)), new Set(["VCARD"]))) {
    const isModern = card.lines.some((line) => /^VERSION:4/i.test(line.text));
    const properties = card.lines
      .filter((line) => /^(?:[\w-]+\.)?(?:fn|n|uid|org|nickname)[;:]/i.test(line.text))
      .flatMap((line) => readProperty(line.text, isModern) ?? [])
      .filter((property) => property !== "broken");
    names.set(uidOf(firstOf(properties, "uid")), nameOf(properties));
  }
  return names;
}

const uidOf = (uid: string): string => uid.replace(/^urn:uuid:/i, "").toLowerCase();

function readCard(card: Block, context: Cards): Found[] {
  const line = `line ${card.number}`;
  if (!card.isWhole) return [{ refused: "Its END:VCARD is missing.", externalId: null, where: line }];
  if (card.lines.length > linesMax)
    return [{ refused: "It has more than 5,000 lines.", externalId: null, where: line }];
  const notes: Found[] = [];
  const isModern = card.lines.some(({ text }) => /^VERSION:4/i.test(text));
  const properties = card.lines.flatMap(({ text, number }) => {
    const unknown = unreadName(text);
    if (unknown !== undefined) context.unread.set(unknown, (context.unread.get(unknown) ?? 0) + 1);
    const property = readProperty(text, isModern);
    if (property === "broken") notes.push({ note: "A line of a contact cannot be read.", where: `line ${number}` });
    return property === undefined || property === "broken" ? [] : [property];
  });
  const name = nameOf(properties);
  if (name === "") return [{ refused: "The contact has no name.", externalId: null, where: line }, ...notes];
  const where = `${oneLine(name, 80)}, ${line}`;
  const facts = factsOf(properties, name).map((fact) =>
    fact.predicate === "member" ? { ...fact, object: context.names.get(uidOf(fact.object)) || fact.object } : fact,
  );
  if (facts.length === 0) return [{ note: "The contact is a name and nothing else.", where }, ...notes];
  return [...memoriesOf(properties, name, facts, where, context), ...notes];
}

function memoriesOf(
  properties: readonly Property[],
  name: string,
  facts: readonly Fact[],
  where: string,
  { sha256Hex }: ImportContext,
): Found[] {
  const email = facts.find(({ predicate }) => predicate === "email")?.object ?? "";
  const uid = firstOf(properties, "uid") || `sha256:${sha256Hex(JSON.stringify([name, email])).slice(0, 32)}`;
  const isCompany = isOrganisation(properties, name);
  const tags = allOf(properties, "categories").flatMap(({ values }) => values);
  const counts = new Map<string, number>();
  return facts.flatMap(({ predicate, object, type }) => {
    const n = (counts.get(predicate) ?? 0) + 1;
    counts.set(predicate, n);
    const entities: Entity[] = [{ name, kind: isCompany ? "organisation" : "person" }];
    if (predicate === "works-at") entities.push({ name: object, kind: "organisation" });
    if (predicate === "related-to") entities.push({ name: object, kind: "person" });
    return bounded(
      {
        externalId: `${oneLine(uid, 900)}#${predicate}#${n}`,
        content: `${name} — ${predicate}${type ? ` (${type})` : ""}: ${object}`,
        kind: "semantic",
        fact: { subject: name, predicate, object },
        source: "contacts",
        tags: ["contact", ...tags],
        entities,
      },
      where,
    );
  });
}

const read = new Map<string, (property: Property, properties: readonly Property[]) => Omit<Fact, "type">[]>([
  ["email", each("email")],
  ["tel", each("phone")],
  [
    "adr",
    ({ values }) =>
      one(
        "address",
        values
          .map((part) => part.replaceAll("\n", ", "))
          .filter(Boolean)
          .join(", "),
      ),
  ],
  [
    "org",
    ({ values }) => [
      ...one("works-at", values[0] ?? ""),
      ...one("department", values.slice(1).filter(Boolean).join(", ")),
    ],
  ],
  ["title", each("title")],
  ["role", each("role")],
  ["bday", ({ values }) => one("birthday", dayOf(values[0] ?? ""))],
  ["anniversary", ({ values }) => one("anniversary", dayOf(values[0] ?? ""))],
  ["x-anniversary", ({ values }) => one("anniversary", dayOf(values[0] ?? ""))],
  ["x-evolution-anniversary", ({ values }) => one("anniversary", dayOf(values[0] ?? ""))],
  ["x-abdate", (property, all) => one(labelOf(property, all) || "anniversary", dayOf(property.values[0] ?? ""))],
  ["nickname", each("nickname")],
  // Programs escape the colon of an address, which the format does not ask for.
  ["url", ({ values }) => values.flatMap((value) => one("website", value.replace(/\\([:;,])/g, "$1")))],
  ["member", each("member")],
  ["x-addressbookserver-member", each("member")],
  ["x-phonetic-first-name", each("phonetic-name")],
  ["x-phonetic-last-name", each("phonetic-name")],
  ["gender", each("gender")],
  ["lang", each("language")],
  ["tz", each("time-zone")],
  ["geo", each("location")],
  ["x-skype", each("chat")],
  ["x-aim", each("chat")],
  ["x-icq", each("chat")],
  ["x-telegram", each("chat")],
  ["note", each("note")],
  ["related", each("related-to")],
  ["x-abrelatednames", each("related-to")],
  ["x-spouse", each("related-to")],
  ["x-evolution-spouse", each("related-to")],
  ["impp", each("chat")],
  ["x-jabber", each("chat")],
  ["x-socialprofile", each("profile")],
]);
/** Read, but no facts of their own. */
const alsoRead = new Set([
  ...["fn", "n", "uid", "kind", "x-addressbookserver-kind", "x-abshowas", "x-ablabel", "categories"],
]);
/** They say how the card is written, and nothing of anybody. */
const ofTheCard = new Set(["begin", "end", "version", "prodid", "rev", "x-abuid", "x-imagehash", "clientpidmap"]);

function unreadName(line: string): string | undefined {
  const [, written = ""] = /^(?:[\w-]+\.)?([\w-]{1,60})[;:]/.exec(line) ?? [];
  const name = written.toLowerCase();
  return name === "" || read.has(name) || alsoRead.has(name) || ofTheCard.has(name) ? undefined : written.toUpperCase();
}

function factsOf(properties: readonly Property[], name: string): Fact[] {
  const seen = new Set<string>();
  return properties.flatMap((property) => {
    const type = property.name.includes("spouse")
      ? "spouse"
      : (typeOf(property) ?? (labelOf(property, properties) || undefined));
    const facts = read.get(property.name)?.(property, properties) ?? [];
    return facts.flatMap(({ predicate, object }) => {
      const key = JSON.stringify([predicate, object]);
      if (seen.has(key) || (predicate === "works-at" && object === name)) return [];
      seen.add(key);
      return [{ predicate, object, ...(type !== undefined && type !== predicate && { type }) }];
    });
  });
}

function each(predicate: string): (property: Property) => Omit<Fact, "type">[] {
  return ({ values }) => values.flatMap((value) => one(predicate, value.replace(/^(?:tel|mailto|urn:uuid):/i, "")));
}

function one(predicate: string, value: string): Omit<Fact, "type">[] {
  const object = storable(value).slice(0, objectMax).toWellFormed();
  return object === "" ? [] : [{ predicate, object }];
}

/** "home", "work", "mobile"; what every entry bears says nothing. */
function typeOf({ types }: Property): string | undefined {
  const told = types.filter((type) => !["internet", "pref", "voice", "x400"].includes(type));
  return told.length > 0 ? told.slice(0, 3).join(", ") : undefined;
}

/** Apple labels a line by another one of its group: `item1.X-ABLabel:_$!<Anniversary>!$_`. */
function labelOf({ group }: Property, properties: readonly Property[]): string {
  if (group === "") return "";
  const label = properties.find((each) => each.name === "x-ablabel" && each.group === group)?.values[0] ?? "";
  return oneLine(label.replace(/^_\$!<(.*)>!\$_$/, "$1"), 50)
    .toLowerCase()
    .replaceAll(" ", "-");
}

function nameOf(properties: readonly Property[]): string {
  const [family = "", given = "", middle = "", prefix = "", suffix = ""] = allOf(properties, "n")[0]?.values ?? [];
  const parts = [prefix, given, middle, family, suffix].filter(Boolean).join(" ");
  const names = [
    firstOf(properties, "fn"),
    parts,
    firstOf(properties, "org"),
    firstOf(properties, "nickname"),
    firstOf(properties, "email"),
  ];
  return names.map((name) => oneLine(name, 200)).find((name) => name !== "") ?? "";
}

function isOrganisation(properties: readonly Property[], name: string): boolean {
  const kind = firstOf(properties, "kind").toLowerCase();
  return kind === "org" || /^company$/i.test(firstOf(properties, "x-abshowas")) || firstOf(properties, "org") === name;
}

/** "1980-05-08"; "8 May" where the year is not told (RFC 6350 §4.3.1; Apple writes 1604). */
function dayOf(value: string): string {
  const whole = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(value);
  if (whole && whole[1] !== "1604") return `${whole[1]}-${whole[2]}-${whole[3]}`;
  const [, month, day] = whole ? [whole[1], whole[2], whole[3]] : (/^--(\d{2})-?(\d{2})/.exec(value) ?? []);
  const name = englishMonths[Number(month) - 1];
  return name === undefined ? value : `${Number(day)} ${name}`;
}

const allOf = (properties: readonly Property[], name: string): Property[] =>
  properties.filter((each) => each.name === name);
const firstOf = (properties: readonly Property[], name: string): string =>
  allOf(properties, name)[0]?.values[0]?.trim() ?? "";

function readProperty(line: string, isModern: boolean): Property | "broken" | undefined {
  const [, written = ""] = /^(?:[\w-]+\.)?([\w-]+)[;:]/.exec(line) ?? [];
  const name = written.toLowerCase();
  if (written === "") return "broken";
  if (!read.has(name) && !alsoRead.has(name)) return undefined;
  try {
    const parsed: unknown[] = ICAL.parse.property(
      isModern ? line : modernLine(line),
      isModern ? ICAL.design.vcard : ICAL.design.vcard3,
    );
    const parameters = (parsed[1] ?? {}) as Record<string, unknown>;
    const type = parameters.type ?? [];
    return {
      name,
      group: typeof parameters.group === "string" ? parameters.group : "",
      types: (Array.isArray(type) ? type : [type]).flatMap((each) => String(each).toLowerCase().split(",")),
      values: parsed
        .slice(3)
        .flat(2)
        .map((value) => storable(String(value))),
    };
  } catch {
    return "broken";
  }
}
