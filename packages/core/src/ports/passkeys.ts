/** The public half of a passkey (WebAuthn Level 3): an authenticator shows that it has the other one. */
export interface Passkey {
  id: string;
  /** COSE key, base64url. */
  publicKey: string;
  /** Grows with each use, of authenticators that count. */
  counter: number;
  /** The name of the site that it holds for. */
  rpId: string;
}

/** What a challenge was issued for. An answer to it counts for that, once, and nothing else. */
export type ChallengeUse =
  | { for: "add"; device: string }
  | { for: "sign-in" }
  | { for: "approve"; device: string; approval: string; hash: string };

/** What a browser answers a challenge with (WebAuthn Level 3, §5.1.8), as JSON. */
export type CredentialJson = Readonly<Record<string, unknown>>;

/** Passkeys, as the browser of a device shows them. What does not hold throws a `Fault`. */
export interface Passkeys {
  /** The public half of a passkey that was just made, for a challenge of this use. */
  added(response: CredentialJson, use: ChallengeUse): Promise<Passkey>;
  /** The same passkey with what it counted since: its holder was there, unlocked it, and answered a challenge of this use. */
  proven(response: CredentialJson, use: ChallengeUse, passkey: Passkey): Promise<Passkey>;
}
