import { Fault } from "@mh/contract/values/fault.ts";
import { Decrypter, Encrypter } from "age-encryption";

/** Who can open an archive: by a passphrase, or by an identity of one of these recipients. */
export type SealedFor = { passphrase: string } | { recipients: readonly string[] };
export type OpenedWith = { passphrase: string } | { identities: readonly string[] };

type Bytes = ReadableStream<Uint8Array>;

/** Encrypts a stream in the format of age (age-encryption.org/v1), which every implementation of it opens. */
export async function sealed(bytes: Bytes, to: SealedFor): Promise<Bytes> {
  const encrypter = new Encrypter();
  if ("passphrase" in to) encrypter.setPassphrase(to.passphrase);
  else for (const recipient of to.recipients) addRecipient(encrypter, recipient);
  return encrypter.encrypt(bytes);
}

/** Throws `backup.refused` where the passphrase or identity is another one; the stream fails where it was changed. */
export async function unsealed(bytes: Bytes, by: OpenedWith): Promise<Bytes> {
  const decrypter = new Decrypter();
  try {
    if ("passphrase" in by) decrypter.addPassphrase(by.passphrase);
    else for (const identity of by.identities) decrypter.addIdentity(identity);
    return await decrypter.decrypt(bytes);
  } catch (cause) {
    const message = "It does not open: it is no archive of age, or that is not its passphrase or identity.";
    throw new Fault("backup.refused", message, { cause });
  }
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (cause) {
    const message = `${recipient.slice(0, 80)} is no recipient of age; these begin with age1. \`age-keygen\` makes one.`;
    throw new Fault("args.invalid", message, { cause });
  }
}
