import { createHash, createHmac, randomBytes } from "node:crypto";
import { isSame } from "./same.ts";

/** For how long a link of `mh open` may be used, and for how long a browser that used one stays signed in. */
const codeMs = 10 * 60_000;
export const sessionMs = 30 * 24 * 60 * 60_000;

/**
 * A code that signs one browser in, once and soon. It is made from the owner's token alone, so that `mh open` needs to ask
 * nobody; the token itself never reaches a browser, its history or the list of processes.
 */
export const makeCode = (token: string, now: number): string => sealed("mho", token, now);

/** What a browser is given for a code: it says until when it holds, and is worth nothing once the token is another. */
export const makeSession = (token: string, now: number): string => sealed("mhs", token, now + sessionMs);

/** Whether a text is a session of this token that still holds. */
export function isSession(text: string, token: string, now: number): boolean {
  const until = timeIn("mhs", text, token);
  return holds(until, now);
}

/** Whose session it is that a passkey gave: that passkey's, by a short hash, and its device's. */
interface DeviceSession {
  id: string;
  passkey: string;
}

const shortHash = (passkey: string): string => createHash("sha256").update(passkey).digest("base64url").slice(0, 22);

/** What a browser is given for a device's passkey: it is worth what the device is, as long as that has this passkey. */
export const makeDeviceSession = (token: string, device: string, passkey: string, now: number): string =>
  sealed("mhp", token, now + sessionMs, `.${device}~${shortHash(passkey)}`);

/** The device of such a session that still holds. */
export function deviceOfSession(text: string, token: string, now: number): DeviceSession | undefined {
  const until = timeIn("mhp", text, token);
  const [id, passkey] = text.split(".")[2]?.split("~") ?? [];
  return holds(until, now) && id && passkey ? { id, passkey } : undefined;
}

export const isOfPasskey = (session: DeviceSession, passkey: string | undefined): boolean =>
  passkey !== undefined && isSame(session.passkey, shortHash(passkey));

const holds = (until: number | undefined, now: number): boolean =>
  until !== undefined && now < until && until <= now + sessionMs;

/** The codes that may still be used: none twice, and none that is older than this process. */
export class Codes {
  readonly #token: string;
  readonly #since: number;
  readonly #used = new Set<string>();

  constructor(token: string, since: number) {
    this.#token = token;
    this.#since = since;
  }

  /** True the first time, for a code that is new enough. */
  take(code: string, now: number): boolean {
    const madeAt = timeIn("mho", code, this.#token);
    // What was used before a restart is known no more: codes from before it are refused.
    if (madeAt === undefined || madeAt < this.#since || Math.abs(now - madeAt) > codeMs || this.#used.has(code))
      return false;
    // It stays used, however the clock jumps.
    this.#used.add(code);
    return true;
  }
}

function sealed(kind: string, token: string, time: number, more = ""): string {
  const text = `${kind}_${time.toString(36)}.${randomBytes(16).toString("base64url")}${more}`;
  return `${text}.${mac(text, token)}`;
}

function timeIn(kind: string, sealed: string, token: string): number | undefined {
  const parts = /^(mh[osp]_([0-9a-z]{1,11})\.[\w-]{22}(?:\.[\w-]{1,64}~[\w-]{22})?)\.([\w-]{43})$/;
  const [, text, time, given] = parts.exec(sealed) ?? [];
  if (!text?.startsWith(`${kind}_`) || !time || !given || !isSame(given, mac(text, token))) return undefined;
  return Number.parseInt(time, 36);
}

const mac = (text: string, token: string): string =>
  createHmac("sha256", token).update(`mh sign-in\n${text}`).digest("base64url");
