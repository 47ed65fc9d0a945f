import type { AnyContract } from "@mh/contract/contract.ts";

/** Texts that make careless readers slow, of about a length. */
export const hostileTexts: Record<string, (length: number) => string> = {
  "words like codes": (n) => filled(n, (k) => `a${k.toString(36)}b7 `),
  addresses: (n) => filled(n, (k) => `a${k}@b${k}.example `),
  "half addresses": (n) => filled(n, () => "a@"),
  "an address of dots": (n) => `a@${".".repeat(n)} x`,
  links: (n) => filled(n, (k) => `www.h${k}.example/${k}) `),
  "a link of brackets": (n) => `www.${")".repeat(n)}x`,
  folders: (n) => `/${filled(n, () => "a/")}`,
  "digits in groups": (n) => filled(n, () => "463 "),
  "one digit run": (n) => "7".repeat(n),
  "one word": (n) => "a".repeat(n),
  "the owner's words": (n) => filled(n, () => "please "),
  blanks: (n) => `x${" ".repeat(n)}x`,
  lines: (n) => "\n".repeat(n),
  accounts: (n) => filled(n, (k) => `DE${(k % 90) + 10} 3704 0044 0532 0130 00 `),
  "quotation marks": (n) => filled(n, () => `"'`),
  brackets: (n) => "(".repeat(n),
  accents: (n) => filled(n, () => "e\u0301"),
  "operators of a search": (n) => filled(n, () => `"a" NEAR b* OR (`),
  "dashes and stars": (n) => filled(n, () => "- *_"),
  colons: (n) => filled(n, () => "a:1,"),
  dates: (n) => filled(n, () => "next friday 3 May 2026 "),
};

function filled(length: number, part: (n: number) => string): string {
  const parts: string[] = [];
  for (let n = 0, size = 0; size < length; n += 1) {
    const each = part(n);
    parts.push(each);
    size += each.length;
  }
  return parts.join("");
}

/** The example of a contract with a hostile text in each place that holds a text, one place at a time; and lists of many. */
export function* hostileArgs(
  contract: AnyContract,
  text: string,
  many: number,
): Generator<{ at: string; args: unknown }> {
  const [example] = contract.examples;
  const args = (example?.args ?? {}) as Record<string, unknown>;
  for (const name of Object.keys((contract.input as { shape?: object }).shape ?? args)) {
    yield { at: name, args: { ...args, [name]: text } };
    yield {
      at: `${name}[]`,
      args: { ...args, [name]: Array.from({ length: many }, (_, n) => text.slice(n * 7, n * 7 + 40)) },
    };
  }
}
