import { hash, timingSafeEqual } from "node:crypto";
import { isPrincipal, owner, type Principal } from "@mh/contract/values/principal.ts";

/** Who has a token of its own: a device of the owner's, `owner/<name>`, or a program of somebody's, `client:<name>`. */
export interface TokenHolder {
  kind: "device" | "client";
  id: string;
  name: string;
}

export interface Tokens {
  /** The owner's own. */
  token: string;
  callerByToken: (token: string) => TokenHolder | undefined;
}

const tokenLengthMax = 512;

/** Whose token an `Authorization` header carries; undefined where it is nobody's. The only place a token is taken from. */
export function callerOf(authorization: string | undefined, tokens: Tokens): Principal | undefined {
  const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? "") ?? [];
  if (!token || token.length > tokenLengthMax) return undefined;
  if (isSame(token, tokens.token)) return owner;
  const holder = tokens.callerByToken(token);
  if (!holder) return undefined;
  const prefix = holder.kind === "client" ? "client:" : `${owner}/`;
  return [holder.name, holder.id].map((name) => `${prefix}${name}`).find(isPrincipal);
}

/** Takes the same time wherever two texts differ, and whatever their lengths. */
export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(hash("sha256", a, "buffer"), hash("sha256", b, "buffer"));
}

const windowMs = 60_000;
const addressesMax = 1000;

/**
 * Counts wrong tokens by address. Only wrong ones are ever told to wait: a right one has nothing to guess in it, and
 * nobody may lock the owner out by trying.
 */
export class WrongTokens {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #tries = new Map<string, { since: number; count: number }>();

  constructor(perMinute: number, now: () => number) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Notes one more; gives the seconds to wait where there were too many. */
  note(address: string): number | undefined {
    const now = this.#now();
    const known = this.#tries.get(address);
    const tries = known && now - known.since < windowMs ? known : { since: now, count: 0 };
    tries.count += 1;
    this.#tries.delete(address);
    this.#tries.set(address, tries);
    if (this.#tries.size > addressesMax) this.#tries.delete(this.#tries.keys().next().value as string);
    if (tries.count <= this.#perMinute) return undefined;
    return Math.ceil((tries.since + windowMs - now) / 1000);
  }
}
