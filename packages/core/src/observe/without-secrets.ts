import { namedSecret } from "../extensions/secret-names.ts";

const hidden = "[hidden]";

/** A value behind the name of a secret, and of nothing else: what is no secret's may have one in it. */
const namedValue = new RegExp(
  `(?<![\\w-])((?=[\\w-]*?(?:${namedSecret.source.replace("$", "(?![\\w-])")}))[\\w-]+["']?\\s*[=:]\\s*)(?:"[^"]*"|'[^']*'|\\S+)`,
  "gi",
);

/** A text without what looks like a password, a key or a token, known to mh or not. What is no word of a language counts as one. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(?<!\w)(\w+:\/\/)[^\s/@]+@/g, `$1${hidden}@`)
    .replace(namedValue, `$1${hidden}`)
    .replace(/\b(bearer|basic|token|password|passwort|passphrase)\s+(?=\S*[\d!-/:-@])\S+/gi, `$1 ${hidden}`)
    .replace(/[A-Za-z0-9_+/=.-]{16,}/g, (word) => (isRandom(word) ? hidden : word));
}

/** Letters of both cases and digits, or hexadecimal: no name of anything that people gave. */
function isRandom(word: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(word)).length;
  const longest = Math.max(...word.split(/[^A-Za-z0-9]/).map((part) => part.length));
  const digits = word.match(/\d/g)?.length ?? 0;
  return longest >= 16 && (kinds === 3 || (kinds === 2 && digits >= 4));
}
