import * as fc from "fast-check";
import { expect, inject, test } from "vitest";
import { KnownSecrets } from "./known-secrets.ts";

const value = `pä"s\\s <w>&+/?'ö rd`;

const known = (...values: string[]): KnownSecrets => {
  const secrets = new KnownSecrets();
  for (const [index, each] of values.entries()) secrets.learn(`name-${index}`, each);
  return secrets;
};

const forms: Record<string, string> = {
  plain: value,
  JSON: JSON.stringify({ value }),
  "JSON in JSON": JSON.stringify(JSON.stringify({ value })),
  percent: `https://example.org/?q=${encodeURIComponent(value)}`,
  "a form": new URLSearchParams({ value }).toString(),
  "percent in small letters": encodeURIComponent(value).replace(/%../g, (each) => each.toLowerCase()),
  markup: "pä\"s\\s &lt;w&gt;&amp;+/?'ö rd",
  hex: Buffer.from(value).toString("hex"),
  "base64 for the web": Buffer.from(value).toString("base64url"),
};

test.each(Object.entries(forms))("a secret is found and removed as %s", (_name, text) => {
  const secrets = known(value);
  expect(secrets.nameIn({ text })).toBe("name-0");
  expect(secrets.redact(text)).toContain("[secret name-0]");
  expect(secrets.redact(secrets.redact(text))).toBe(secrets.redact(text));
});

test("a secret is found in the base64 of something longer, wherever it stands", () => {
  const secrets = known("hunter2-hunter2");
  for (const before of ["", "a", "ab", "abc", "ada:", "user:"]) {
    for (const after of ["", "x", "xy", "xyz"]) {
      const text = Buffer.from(`${before}hunter2-hunter2${after}`).toString("base64");
      expect([before, after, secrets.redact(`Basic ${text}`)]).toEqual([
        ...[before, after],
        expect.stringContaining("[secret name-0]"),
      ]);
    }
  }
});

test("no text keeps a secret, whatever stands around it and however the secrets overlap", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 });
  const secret = fc.string({ unit: "grapheme", minLength: 6, maxLength: 20 }).filter((each) => each.trim().length >= 6);
  fc.assert(
    fc.property(text, secret, secret, text, (before, one, other, after) => {
      const secrets = known(one, other);
      const clean = secrets.redact(`${before}${one}${after}${other}${before}`);
      const labels = /\[secret name-\d\]/g;
      return ![one.trim(), other.trim()].some((each) => clean.split(labels).some((part) => part.includes(each)));
    }),
    { seed: inject("seed") },
  );
});

test("the longest of several that begin alike is taken, and what is no secret stays as it is", () => {
  const secrets = known("abcdef", "abcdefgh");
  expect(secrets.redact("1 abcdefgh 2 abcdefg 3 abcde")).toBe("1 [secret name-1] 2 [secret name-0]g 3 abcde");
  expect(known().redact("abcdef")).toBe("abcdef");
  expect(known().nameIn({ a: "abcdef" })).toBeUndefined();
  expect(known("abc").nameIn({ a: "abcdef" })).toBeUndefined();
  expect(secrets.nameIn(undefined)).toBeUndefined();
});

test("a value that was replaced or forgotten is a secret no more; of a key in JSON the private half is one", () => {
  const secrets = known(JSON.stringify({ publicKey: "public-public", privateKey: "private-private" }));
  expect(secrets.redact("public-public private-private")).toBe("public-public [secret name-0]");
  secrets.learn("name-0", "another-value");
  expect(secrets.redact("private-private another-value")).toBe("private-private [secret name-0]");
  secrets.forget("name-0");
  expect(secrets.redact("another-value")).toBe("another-value");
});

test("in a value every text is cleaned, and one without secrets is the very same", () => {
  const secrets = known("hunter2-hunter2");
  const value = { a: ["x", { b: "is hunter2-hunter2." }], "hunter2-hunter2": 1, n: null, t: true };
  const clean = { a: ["x", { b: "is [secret name-0]." }], "[secret name-0]": 1, n: null, t: true };
  expect(secrets.redactIn(value)).toEqual(clean);
  expect(secrets.redactIn(clean)).toBe(clean);
});

test("a megabyte is looked through in one pass, however many secrets there are", () => {
  const secrets = known(...Array.from({ length: 40 }, (_each, index) => `secret number ${index} of forty`));
  const text = "the quick brown fox jumps over the lazy dog, secret number 41 is none. ".repeat(15_000);
  // Of the processor, not of the clock: others may be at work on this machine.
  const began = process.cpuUsage();
  expect(secrets.nameIn({ text })).toBeUndefined();
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(500);
});
