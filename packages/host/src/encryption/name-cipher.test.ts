import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { looksSealed, NameCipher } from "./name-cipher.ts";

const names = new NameCipher(Buffer.alloc(32, 1));
const others = new NameCipher(Buffer.alloc(32, 2));

test("H21 a name comes back whole, by its own key and in its own folder alone, and is stored as the same each time", () => {
  const random = randomFrom(inject("seed"));
  for (let round = 0; round < 500; round++) {
    const length = 1 + Math.floor(random() * 60);
    const letters = Array.from({ length }, () => "aZ9-_ .äß😀é"[Math.floor(random() * 11)] ?? "x");
    const name = `${Buffer.from(letters.join("")).toString()}${["", ".md", ".ndjson", ".txt"][round % 4]}`;
    const stored = names.seal("out", name) as string;
    expect(names.open("out", stored)).toBe(name);
    expect(names.seal("out", name)).toBe(stored);
    expect([looksSealed(stored), /^~[a-z2-7]+(\.md|\.ndjson)?$/.test(stored)]).toEqual([true, true]);
    expect([others.open("out", stored), names.open("in", stored), names.open("out", `${stored}a`)]).toEqual(
      Array(3).fill(undefined),
    );
  }
});

test("H21 what is no sealed name is none, and one that is too long is refused", () => {
  for (const stored of ["call.md", "~", "~abc.md", "~a1.md", `~${"a".repeat(40)}.md`, "~ABC"])
    expect(names.open("out", stored)).toBeUndefined();
  expect(names.seal("out", "x".repeat(120))).toBeDefined();
  expect(names.seal("out", "x".repeat(200))).toBeUndefined();
});
