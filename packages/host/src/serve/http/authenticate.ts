import { isPrincipal, owner, type Principal } from "@mh/contract/values/principal.ts";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { AppEnv } from "./request-note.ts";
import { isSame } from "./same.ts";
import { deviceOfSession, isOfPasskey, isSession } from "./sign-in.ts";

/** Who has a token of its own: a device of the owner's, `owner/<name>`, or a program of somebody's, `client:<name>`. */
export interface TokenHolder {
  kind: "device" | "client";
  id: string;
  name: string;
  /** Id of the device's passkey. */
  passkey?: string | undefined;
}

export interface Tokens {
  /** The owner's own. */
  token: string;
  callerByToken: (token: string) => TokenHolder | undefined;
  /** A device that may come in. */
  deviceById: (id: string) => TokenHolder | undefined;
}

const tokenLengthMax = 512;

export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? "")?.[1];

/** Whose token an `Authorization` header carries; undefined where it is nobody's. The only place a token is taken from. */
export function callerOf(authorization: string | undefined, tokens: Tokens): Principal | undefined {
  const token = bearerOf(authorization);
  if (!token || token.length > tokenLengthMax) return undefined;
  if (isSame(token, tokens.token) || isSession(token, tokens.token, Date.now())) return owner;
  const device = deviceOfSession(token, tokens.token, Date.now());
  const holder = device ? tokens.deviceById(device.id) : tokens.callerByToken(token);
  // What a passkey gave goes with the passkey.
  if (!holder || (device && !isOfPasskey(device, holder.passkey))) return undefined;
  const prefix = holder.kind === "client" ? "client:" : `${owner}/`;
  return [holder.name, holder.id].map((name) => `${prefix}${name}`).find(isPrincipal);
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

  /** Notes one more, and gives what it is answered: to wait, where there were too many. */
  refusal(c: Context<AppEnv>, message: string): HTTPException {
    const wait = this.note(c.env.note.address);
    if (wait === undefined) {
      c.header("www-authenticate", 'Bearer realm="mh"');
      return new HTTPException(401, { message });
    }
    return tooMany(c, wait);
  }

  /** Throws where an address has tried too often already. */
  refuseWaiting(c: Context<AppEnv>): void {
    const wait = this.#waitOf(this.#tries.get(c.env.note.address));
    if (wait !== undefined) throw tooMany(c, wait);
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
    return this.#waitOf(tries);
  }

  #waitOf(tries: { since: number; count: number } | undefined): number | undefined {
    if (!tries || tries.count <= this.#perMinute) return undefined;
    const leftMs = tries.since + windowMs - this.#now();
    return leftMs > 0 ? Math.ceil(leftMs / 1000) : undefined;
  }
}

function tooMany(c: Context<AppEnv>, wait: number): HTTPException {
  c.header("retry-after", String(wait));
  return new HTTPException(429, { message: `Too many wrong tokens. Wait ${wait} seconds.` });
}
