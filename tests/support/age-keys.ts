import { generateX25519Identity, identityToRecipient } from "age-encryption";

/** Whom a backup is sealed for, and what opens it: a passphrase takes seconds each time. */
export async function ageKeys(): Promise<{ to: { recipients: string[] }; by: { identities: string[] } }> {
  const identity = await generateX25519Identity();
  return { to: { recipients: [await identityToRecipient(identity)] }, by: { identities: [identity] } };
}
