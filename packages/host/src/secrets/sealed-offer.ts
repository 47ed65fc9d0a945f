import * as node from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { readPlainText } from "../adapters/plain-file.ts";
import { writePrivate } from "./private-file.ts";

/** Where values wait for the command that takes them. */
export const offerFolder = (keyFolder: string): string => path.join(keyFolder, "offers");

/**
 * Seals a value under a token made for it alone, and leaves it in a file that only the token opens: what stays on the disk
 * of either tells nothing.
 */
export function leaveOffer(keyFolder: string, value: string): { token: string; file: string } {
  const token = node.randomBytes(32).toString("base64url");
  const file = fileOf(keyFolder, token);
  // The key serves once, so that its nonce may be a constant.
  const cipher = node.createCipheriv("aes-256-gcm", keyOf(token), Buffer.alloc(12));
  const sealed = Buffer.concat([cipher.update(value, "utf8"), cipher.final(), cipher.getAuthTag()]);
  writePrivate(file, sealed.toString("base64"));
  return { token, file };
}

/** Gives a value once. Throws `secret.missing` where none waits under that token. */
export function takeOffer(keyFolder: string, token: string): string {
  const file = fileOf(keyFolder, token);
  try {
    const sealed = Buffer.from(readPlainText(file), "base64");
    const cipher = node.createDecipheriv("aes-256-gcm", keyOf(token), Buffer.alloc(12), { authTagLength: 16 });
    cipher.setAuthTag(sealed.subarray(-16));
    const value = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]).toString("utf8");
    fs.rmSync(file);
    return value;
  } catch (cause) {
    throw new Fault("secret.missing", "The value does not wait any more. `mh secret` asks for it again.", { cause });
  }
}

const fileOf = (keyFolder: string, token: string): string =>
  path.join(offerFolder(keyFolder), derived(token, "mh.offer/1 name").toString("hex"));

const keyOf = (token: string): Buffer => derived(token, "mh.offer/1 key");

const derived = (token: string, what: string): Buffer => Buffer.from(node.hkdfSync("sha256", token, "", what, 32));
