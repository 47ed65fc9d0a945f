import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { toBase64, toHex, utf8 } from "../ports/bytes.ts";

/** Shorter values occur by themselves, in any text. */
export const secretLengthMin = 6;
/** How many letters lead to the forms that begin with them. */
const headLength = 4;

interface Form {
  text: string;
  name: string;
}

/**
 * The one place that knows the value of every secret this process has loaded: to keep them out of what is written, and
 * out of what is asked for. It knows a value as it is, and as base64, hex, percent, JSON or markup make of it.
 */
export class KnownSecrets {
  readonly #values = new Map<string, string>();
  #forms = new Map<number, Form[]>();

  learn(name: string, value: string): void {
    if (this.#values.get(name) === value) return;
    this.#values.set(name, value);
    this.#sort();
  }

  forget(name: string): void {
    if (this.#values.delete(name)) this.#sort();
  }

  /** The text with the name of each secret in the place of its value. */
  redact(text: string): string {
    let clean = "";
    let done = 0;
    for (let found = this.#next(text, 0); found; found = this.#next(text, done)) {
      clean += `${text.slice(done, found.at)}[secret ${found.name}]`;
      done = found.at + found.text.length;
    }
    return done === 0 ? text : clean + text.slice(done);
  }

  /** The same for every text in a JSON value. */
  redactIn(value: unknown): unknown {
    if (typeof value === "string") return this.redact(value);
    if (typeof value !== "object" || value === null || this.nameIn(value) === undefined) return value;
    if (Array.isArray(value)) return value.map((each) => this.redactIn(each));
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [this.redact(key), this.redactIn(each)]));
  }

  /** The name of a secret whose value stands somewhere in a JSON value. */
  nameIn(value: unknown): string | undefined {
    if (this.#forms.size === 0) return undefined;
    if (typeof value === "string") return this.#next(value, 0)?.name;
    if (typeof value !== "object" || value === null) return this.#next(String(value), 0)?.name;
    for (const [key, each] of Object.entries(value)) {
      const name = this.#next(key, 0)?.name ?? this.nameIn(each);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  /** The first form from there on, the longest where several begin at once. One pass, however many secrets there are. */
  #next(text: string, from: number): (Form & { at: number }) | undefined {
    if (this.#forms.size === 0) return undefined;
    let head = 0;
    for (let end = from; end < text.length; end += 1) {
      head = moved(head, text.charCodeAt(end));
      const at = end - headLength + 1;
      if (at < from) continue;
      const form = this.#forms.get(head)?.find((each) => text.startsWith(each.text, at));
      if (form) return { ...form, at };
    }
    return undefined;
  }

  #sort(): void {
    const forms = [...this.#values].flatMap(([name, value]) =>
      partsOf(value).flatMap((part) => [...formsOf(part)].map((text) => ({ text, name }))),
    );
    this.#forms = Map.groupBy(
      forms.sort((a, b) => b.text.length - a.text.length),
      ({ text }) => headOf(text),
    );
  }
}

/** Refuses a command that carries a secret, before anything of it is written. The fault says which, never the value. */
export function refuseSecrets(known: KnownSecrets, { args, task }: Pick<Command, "args" | "task">): void {
  const name = known.nameIn([args, task?.words]);
  if (name === undefined) return;
  const next = `Name the secret instead, where a setting takes one; \`mh secret rm ${name}\` if it is none`;
  throw new Fault("secret.exposed", `The value of the secret ${name} stands in what was asked for. ${next}.`);
}

/**
 * An end as it is told: servers repeat what they were sent, and errors quote it. What the owner reads of their own data is
 * left as it is; nobody else sees a secret, wherever it was met.
 */
export function withoutSecrets(known: KnownSecrets, outcome: Outcome, principal: Principal): Outcome {
  if (outcome.status === "done" && !isOwner(principal)) return { ...outcome, value: known.redactIn(outcome.value) };
  if (outcome.status === "interrupted") return { ...outcome, message: known.redact(outcome.message) };
  if (outcome.status !== "failed") return outcome;
  return { ...outcome, fault: { ...outcome.fault, message: known.redact(outcome.fault.message) } };
}

/** A number that depends on the last four UTF-16 units and on nothing before them. */
const moved = (head: number, unit: number): number => ((head << 4) ^ unit) & 0xffff;

function headOf(text: string): number {
  let head = 0;
  for (let at = 0; at < headLength; at += 1) head = moved(head, text.charCodeAt(at));
  return head;
}

/** What of a value is secret: all of it; of a key in JSON, its private half as well. */
function partsOf(value: string): string[] {
  return [value.trim(), ...privateHalves(value)].filter((part) => part.length >= secretLengthMin);
}

function privateHalves(value: string): string[] {
  try {
    const parsed: unknown = JSON.parse(value);
    const entries = typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : [];
    return entries.flatMap(([key, each]) => (/private|secret/i.test(key) && typeof each === "string" ? [each] : []));
  } catch {
    return [];
  }
}

function formsOf(value: string): Set<string> {
  const text = value.toWellFormed();
  const bytes = utf8.encode(text);
  const inJson = escaped(text);
  const strictly = encodeURIComponent(text).replace(/[!'()*]/g, hexOf);
  const percent = [encodeURIComponent(text), encodeURI(text), strictly, strictly.replaceAll("%20", "+")];
  const markup = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return new Set([
    ...[text, inJson, escaped(inJson), markup, markup.replaceAll('"', "&quot;")],
    ...[...percent, ...percent.map((form) => form.replace(/%../g, (each) => each.toLowerCase()))],
    ...[0, 1, 2].flatMap((offset) => base64At(bytes, offset)),
    ...[toHex(bytes), toHex(bytes).toUpperCase()],
  ]);
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

const hexOf = (letter: string): string => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;

/** As it stands in the base64 of something longer, `offset` bytes after a boundary: what no neighbour has changed. */
function base64At(bytes: Uint8Array, offset: number): string[] {
  const shifted = new Uint8Array(offset + bytes.length);
  shifted.set(bytes, offset);
  const text = toBase64(shifted).replace(/={1,2}$/, "");
  const tainted = shifted.length % 3 === 0 ? 0 : 1;
  const clean = text.slice([0, 2, 3][offset], text.length - tainted);
  return [clean, clean.replaceAll("+", "-").replaceAll("/", "_"), escaped(clean).replaceAll("/", "\\/")];
}
