import { Fault } from "@mh/contract/values/fault.ts";
import { encryptionOf } from "@mh/host/encryption/home-disk.ts";
import type { Context } from "./command.ts";

/** The folder of an encrypted home's keys; one that is not encrypted has nothing to lock. */
export function encryptedFolder({ root, environment }: Pick<Context, "root" | "environment">): {
  folder: string;
  isLocked: boolean;
} {
  const { state, folder } = encryptionOf(root, environment);
  if (state !== "off") return { folder, isLocked: state === "locked" };
  throw new Fault("usage", `The home at ${root} is not encrypted. \`mh encrypt\` changes that.`);
}
