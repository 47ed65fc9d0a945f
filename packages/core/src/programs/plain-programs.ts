import type { Scope } from "@mh/contract/values/effect.ts";
import { isProgramPath, programPath, refusedWords } from "./shell-words.ts";

/** What of a program's words makes it no more than a reader: its options, and how many words may be none. */
interface Plain {
  options: RegExp;
  operandsMax?: number;
  operands?: RegExp;
}

const any: Plain = { options: /^-/ };

/**
 * Programs that read, compute, print, or make what is empty, and can neither run another program nor write into a file,
 * whatever they are given: looked up in GNU coreutils, grep, jq and procps. `any` takes every option; of the others only the options that stand here
 * are plain, spelled just so, because GNU takes each beginning of a long option. Who is not here is not plain.
 */
const plainPrograms: ReadonlyMap<string, Plain> = new Map([
  ...`cat ls wc head tail nl tac rev cut paste tr fold expand unexpand fmt comm join cmp od sum cksum md5sum sha1sum
      sha224sum sha256sum sha384sum sha512sum b2sum base32 base64 stat du df basename dirname realpath readlink pwd echo
      printf seq true false sleep uname arch whoami nproc grep numfmt factor tsort free uptime jq touch mkdir rmdir`
    .split(/\s+/)
    .map((name): [string, Plain] => [name, any]),
  // -o writes, --compress-program runs, -T says where to write.
  ["sort", { options: /^-[bdfghimMnrRsuVz]+$|^-k[\d.,bdfginrV]*$|^-t.$/ }],
  // Its second file is written to.
  ["uniq", { options: /^-[cdDuiz]+$/, operandsMax: 1 }],
  // -l and its long name run pr.
  ["diff", { options: /^-[abBcdeEinNpqrsuwy]+$|^-U\d+$/ }],
  // --pre, --hostname-bin and -z run others.
  ["rg", { options: /^-[acFhHiIlLnNoPpqsSUuvwx]+$|^-[ABCm]\d+$|^--(?:count|files|hidden|json|line-number)$/ }],
  // -s sets the clock, and so does a word without a plus.
  ["date", { options: /^-[uIR]+$/, operands: /^\+/ }],
]);

/** Whether a command only reads: all others may run further programs, or write, in ways that nobody lists whole. */
export function isPlainCommand([word = "", ...args]: readonly string[]): boolean {
  const path = programPath(word);
  const plain = plainPrograms.get(path.slice("/usr/bin/".length));
  if (!plain || !path.startsWith("/usr/bin/")) return false;
  const isOption = (each: string) => each.startsWith("-") && each !== "-";
  const operands = args.filter((each) => !isOption(each));
  const areOperandsPlain = operands.every((each) => plain.operands?.test(each) ?? true);
  const areOptionsPlain = args.every((each) => !isOption(each) || plain.options.test(each));
  return areOptionsPlain && areOperandsPlain && operands.length <= (plain.operandsMax ?? 500);
}

/** Why a grant or a plan for these paths would be of no use; undefined where it is of some. */
export function notGrantable({ paths = [] }: Scope): string | undefined {
  const program = paths.find((path) => isProgramPath(path) && !isPlainCommand([path]));
  return program && `${program} may run other programs: each time is a request of its own, and no grant holds for it`;
}

/** Why a program is not given for good; undefined where it may be. */
export const notForGood = (program: string): string | undefined =>
  refusedWords([program]) ?? notGrantable({ paths: [programPath(program)] });

/** What an approval request says of all others, and why no grant lasts for them. */
export const mayRunOthers = "it may run other programs, which only this request shows: you are asked each time";
