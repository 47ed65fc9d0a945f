import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { parseContacts } from "./vcard.ts";

const context = {
  timeZone: "UTC",
  sha256Hex: (text: string) => createHash("sha256").update(text).digest("hex"),
};
const card = (version: string, ...lines: string[]) =>
  ["BEGIN:VCARD", `VERSION:${version}`, ...lines, "END:VCARD", ""].join("\r\n");
const read = (text: string) => [...parseContacts(text, context)];
const contents = (text: string) => read(text).flatMap((each) => ("item" in each ? [each.item.content] : []));

test("no text makes it throw, and no two facts share an id", () => {
  const line = fc.constantFrom(
    ...[
      "BEGIN:VCARD",
      "END:VCARD",
      "VERSION:2.1",
      "VERSION:4.0",
      "FN:A",
      "N:;;;;",
      "EMAIL:a@b",
      "TEL;HOME;VOICE:1",
      "ORG:;;",
    ],
    ...[
      "NOTE;ENCODING=QUOTED-PRINTABLE:=ZZ=",
      "BDAY:--13-40",
      'X;Y="',
      "__proto__:x",
      "item1.URL:x",
      "item1.X-ABLabel:_$!<",
      "UID:1",
    ],
    ...[
      "NOTE;CHARSET=nonsense;QUOTED-PRINTABLE:=FF",
      "\0",
      "\ud800",
      "ADR:;;;;;;;;;;",
      "TEL;TYPE=a,b,c;TYPE=d:1",
      " folded",
    ],
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(line).map((lines) => lines.join("\n")),
        fc.string({ unit: "binary" }),
      ),
      (text) => {
        expect(read(text)).not.toHaveLength(0);
      },
    ),
    { seed: inject("seed") },
  );
});

test("a broken card is refused, a broken line remarked, and the other cards are read", () => {
  const file = [
    "BEGIN:VCARD",
    "FN:Open",
    "",
    card("3.0", "EMAIL:x@example.org"),
    card("3.0", "FN:Sarah", "no colon", "TEL:1"),
    card("3.0", "NOTE:x"),
  ].join("\r\n");
  expect(read(file)).toMatchObject([
    { refused: "Its END:VCARD is missing.", where: "line 1" },
    { item: { fact: { subject: "x@example.org", predicate: "email" } } },
    { item: { content: "Sarah — phone: 1" }, where: "Sarah, line 9" },
    { note: "A line of a contact cannot be read.", where: "line 12" },
    { refused: "The contact has no name." },
  ]);
});

test("version 3.0: each thing it says is a fact about the person", () => {
  const text = card(
    "3.0",
    "UID:42",
    "N:Meyer;Sarah;;;",
    "FN:Sarah Meyer",
    "ORG:Acme\\, Inc.;Research",
    "EMAIL;TYPE=INTERNET,WORK:sarah@exam",
    " ple.org",
    "EMAIL;TYPE=HOME:s@home.example",
    "item1.ADR;TYPE=HOME:;;Main St. 1;Berlin;;10115;Germany",
    "BDAY:1604-05-08",
    "item2.X-ABDATE:2011-07-02",
    "item2.X-ABLabel:_$!<Anniversary>!$_",
    "CATEGORIES:Friends,Choir",
    "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ",
  );
  expect(contents(text)).toEqual([
    "Sarah Meyer — works-at: Acme, Inc.",
    "Sarah Meyer — department: Research",
    "Sarah Meyer — email (work): sarah@example.org",
    "Sarah Meyer — email (home): s@home.example",
    "Sarah Meyer — address (home): Main St. 1, Berlin, 10115, Germany",
    "Sarah Meyer — birthday: 8 May",
    "Sarah Meyer — anniversary: 2011-07-02",
  ]);
  expect(read(text)[3]).toEqual({
    item: {
      externalId: "42#email#2",
      content: "Sarah Meyer — email (home): s@home.example",
      kind: "semantic",
      fact: { subject: "Sarah Meyer", predicate: "email", object: "s@home.example" },
      source: "contacts",
      tags: ["contact", "friends", "choir"],
      entities: [{ name: "Sarah Meyer", kind: "person" }],
    },
    where: "Sarah Meyer, line 1",
  });
});

test("version 2.1: bare types, quoted-printable over several lines, other charsets", () => {
  const text = card(
    "2.1",
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg",
    "TEL;HOME;VOICE:+49 30 1",
    "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Gr=FC=DFe, =",
    "und=0D=0Abis bald",
  );
  expect(contents(text)).toEqual(["Jörg Müller — phone (home): +49 30 1", "Jörg Müller — note: Grüße, und\nbis bald"]);
});

test("version 4.0: addresses as URIs, relations, a company", () => {
  const text = card(
    "4.0",
    "FN:Acme",
    "KIND:org",
    "ORG:Acme",
    "TEL;VALUE=uri;TYPE=work:tel:+49-30-2",
    "RELATED;TYPE=friend;VALUE=text:Tom B.",
  );
  expect(contents(text)).toEqual(["Acme — phone (work): +49-30-2", "Acme — related-to (friend): Tom B."]);
  expect(read(text)[1]).toMatchObject({
    item: {
      entities: [
        { name: "Acme", kind: "organisation" },
        { name: "Tom B.", kind: "person" },
      ],
      externalId: expect.stringMatching(/^sha256:.*#related-to#1$/),
    },
  });
});

test("H26 what nobody reads of a card is counted and named; an address loses its backslash; a group keeps its members", () => {
  const text = [
    card("3.0", "FN:Ann", "UID:a", "URL:http\\://example.org", "X-SHOE-SIZE:42", "PHOTO;ENCODING=b:AAAA"),
    card("3.0", "FN:Tom", "UID:b", "TEL:1", "X-SHOE-SIZE:43"),
    card("4.0", "FN:Choir", "UID:g", "KIND:group", "MEMBER:urn:uuid:a", "MEMBER:urn:uuid:unknown"),
  ].join("");
  expect(contents(text)).toEqual([
    "Ann — website: http://example.org",
    "Tom — phone: 1",
    "Choir — member: Ann",
    "Choir — member: unknown",
  ]);
  expect(read(text).at(-1)).toEqual({
    note: "Properties that are not read: X-SHOE-SIZE (2), PHOTO (1).",
    where: "the file",
  });
});
