import { once } from "@mh/contract/once.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import { cursorSchema } from "@mh/contract/wire/request.ts";
import { decodeLossy, utf8 } from "@mh/core/ports/bytes.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { z } from "zod";

const file = "run/followers.json";
/** Of one principal, so that no device keeps others from following. Each costs a line in one file that is written whole. */
const followersMax = 200;
const fileSchema = once(() => z.record(z.string(), cursorSchema()));

/**
 * Up to where each follower of events has seen to them, by principal and name. A file, and neither records nor a table:
 * a record for each event that was seen to would double the journal, and a table is lost with the index. Acknowledging
 * twice, or out of order, moves nothing back.
 */
export class Cursors {
  readonly #files: Files;
  #known: Map<string, number> | undefined;

  constructor(files: Files) {
    this.#files = files;
  }

  /** Number of the last event that was seen to; undefined for a follower that is new. */
  of(principal: Principal, name: string): number | undefined {
    return this.#all().get(keyOf(principal, name));
  }

  /** Where a new follower begins, or one that wants to begin anew. */
  begin(principal: Principal, name: string, after: number): void {
    const known = this.#all();
    const key = keyOf(principal, name);
    if (known.get(key) === after) return;
    const own = [...known.keys()].filter((each) => each.startsWith(keyOf(principal, "")));
    if (!known.has(key) && own.length >= followersMax) {
      const message = `There are ${followersMax} followers of ${principal} already. ${file} names them; those that are gone can be removed from it.`;
      throw new Fault("args.invalid", message);
    }
    this.#write(new Map(known).set(key, after));
  }

  /** Gives up to where everything is seen to by now. */
  acknowledge(principal: Principal, name: string, after: number): number {
    const known = this.of(principal, name);
    if (known === undefined) {
      throw new Fault("args.invalid", `There is no follower ${name}. It begins by following events under that name.`);
    }
    if (after > known) this.#write(new Map(this.#all()).set(keyOf(principal, name), after));
    return Math.max(known, after);
  }

  /** The log goes on anew after a number: what came behind it has others now, and is seen to once more. */
  setBack(to: number): void {
    const all = this.#all();
    if ([...all.values()].some((after) => after > to))
      this.#write(new Map([...all].map(([key, after]) => [key, Math.min(after, to)])));
  }

  #all(): Map<string, number> {
    this.#known ??= this.#read();
    return this.#known;
  }

  #read(): Map<string, number> {
    const bytes = this.#files.read(file);
    if (!bytes) return new Map();
    try {
      return new Map(Object.entries(fileSchema().parse(JSON.parse(decodeLossy(bytes)))));
    } catch (cause) {
      const message = `${file} cannot be read. Remove it: its followers then say where they begin.`;
      throw new Fault("document.invalid", message, { cause });
    }
  }

  #write(all: Map<string, number>): void {
    this.#files.replace(file, utf8.encode(`${JSON.stringify(Object.fromEntries(all), null, 2)}\n`));
    this.#known = all;
  }
}

const keyOf = (principal: Principal, name: string): string => `${principal} ${name}`;
