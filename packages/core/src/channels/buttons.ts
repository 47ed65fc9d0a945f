import { canonical } from "../model/canonical.ts";
import { isSameSecret } from "../model/same-secret.ts";
import { fromBase64, fromHex, toBase64Url, toHex } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Paired } from "./paired.ts";

export interface ButtonDeps {
  crypto: Crypto;
  hmacKey: Uint8Array;
}

/** What a button answers, and where it counts. */
export interface Answer {
  verb: "approve" | "deny" | "stop";
  approval: string;
  /** Of the payload that was shown. */
  hash: string;
  /** Milliseconds. */
  until: number;
}

const letters = { approve: "a", deny: "d", stop: "s" } as const;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const none = "0".repeat(8);

/** A command's id is a UUID, or whatever a program called it: only the first fits into a button. */
export const fitsButton = (approval: string): boolean => uuid.test(approval);

/**
 * What a button carries: 64 bytes that nobody can make who does not have the home's key. They are bound to the answer, the
 * request, its payload's hash, the device, its chat and person, and a time.
 */
export function buttonFor(deps: ButtonDeps, { device, place }: Paired, answer: Answer): { data: string } {
  const { verb, approval, until } = answer;
  const seconds = Math.floor(until / 1000);
  const id = verb === "stop" ? "" : toBase64Url(fromHex(approval.replaceAll("-", "")));
  return { data: [letters[verb], id, seconds.toString(36), macOf(deps, { device, place }, answer, seconds)].join(".") };
}

/** What a button claims to answer; undefined for what was never a button of ours. */
export function claimOf(data: string): { verb: Answer["verb"]; approval: string; untilS: number } | undefined {
  const [, letter = "", id = "", seconds = ""] = /^([ads])\.([\w-]{22}|)\.([0-9a-z]{1,8})\.[\w-]{22}$/.exec(data) ?? [];
  const verb = (Object.keys(letters) as Answer["verb"][]).find((each) => letters[each] === letter);
  if (!verb || (id === "") !== (verb === "stop")) return undefined;
  const hex = toHex(fromBase64(id));
  const approval = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { verb, approval, untilS: Number.parseInt(seconds, 36) };
}

/** Whether a button was made by this home, for just this answer on just this device. */
export function isMadeFor(
  deps: ButtonDeps,
  paired: Pick<Paired, "device" | "place">,
  data: string,
  hash: string,
): boolean {
  const claim = claimOf(data);
  if (!claim) return false;
  const mac = macOf(deps, paired, { verb: claim.verb, approval: claim.approval, hash }, claim.untilS);
  return isSameSecret(mac, data.slice(-mac.length));
}

function macOf(
  { crypto, hmacKey }: ButtonDeps,
  { device, place }: Pick<Paired, "device" | "place">,
  { verb, approval, hash }: Pick<Answer, "verb" | "approval" | "hash">,
  seconds: number,
): string {
  const asked = verb === "stop" ? { approval: none, hash: none } : { approval, hash };
  const bound = { verb, ...asked, seconds, device: device.id, ...place };
  const hex = crypto.hmacHex(hmacKey, `channel.button ${canonical(bound)}`);
  return toBase64Url(fromHex(hex.slice(0, 32)));
}
