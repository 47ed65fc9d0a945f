import { decodeUtf8 } from "../../ports/bytes.ts";

/** Joins the soft line breaks of vCard 2.1's quoted-printable values, which are folded unlike all other lines. */
export function joinSoftBreaks(text: string): string {
  if (!/QUOTED-PRINTABLE/i.test(text)) return text;
  const joined: string[] = [];
  let isOpen = false;
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (!isOpen) joined.push("\n");
    isOpen = line.endsWith("=") && (isOpen || isQuotedPrintable(line));
    joined.push(isOpen ? line.slice(0, -1) : line);
  }
  if (isOpen) joined.push("=");
  return joined.slice(1).join("");
}

/** By what stands before its value; what is longer than this is no name with parameters. */
const isQuotedPrintable = (line: string): boolean => /QUOTED-PRINTABLE/i.test(/^[^:]{0,1000}:/.exec(line)?.[0] ?? "");

/** A line of vCard 2.1 as 3.0 would have it: `TEL;HOME:` becomes `TEL;TYPE=HOME:`, quoted-printable becomes text. */
export function modernLine(line: string): string {
  const colon = line.indexOf(":");
  if (colon === -1 || line.slice(0, colon).includes('"')) return line;
  const [name = "", ...written] = line.slice(0, colon).split(";");
  const parameters = written.map((parameter) => (parameter.includes("=") ? parameter : bare(parameter)));
  const parameterOf = (key: string) =>
    parameters.find((each) => each.toUpperCase().startsWith(`${key}=`))?.slice(key.length + 1);
  const isQuoted = parameterOf("ENCODING")?.toUpperCase() === "QUOTED-PRINTABLE";
  const value = line.slice(colon + 1);
  const kept = parameters.filter((each) => !(isQuoted ? /^(?:ENCODING|CHARSET)=/i : /^CHARSET=/i).test(each));
  const text = isQuoted ? escaped(quotedPrintable(value, parameterOf("CHARSET") ?? "utf-8")) : value;
  return `${[name, ...kept].join(";")}:${text}`;
}

function bare(parameter: string): string {
  return /^(?:QUOTED-PRINTABLE|BASE64|8BIT|7BIT)$/i.test(parameter) ? `ENCODING=${parameter}` : `TYPE=${parameter}`;
}

/** 2.1 escapes nothing but `;`, which stays as it is. */
function escaped(text: string): string {
  return text.replace(/\r\n?|\n/g, "\\n").replace(/(?<!\\),/g, "\\,");
}

function quotedPrintable(value: string, charset: string): string {
  const latin = value.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const bytes = Buffer.from(latin, "latin1");
  if (/[^\0-\xff]/.test(latin)) return latin;
  return decodeUtf8(bytes) ?? decodeAs(bytes, charset);
}

function decodeAs(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // A name that nobody knows: those who wrote 2.1 wrote Windows-1252.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
