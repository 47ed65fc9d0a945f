/** Passwords and tokens, kept outside the home. Their values never enter the log, a memory or an argument. */
export interface Secrets {
  /** Throws `secret.missing` where there is none of that name. */
  read(name: string): string;
  names(): string[];
  write(name: string, value: string): void;
  remove(name: string): void;
}

/**
 * Values that wait to be kept under a name. Whoever has one from the owner leaves it here, and the command that keeps
 * it says only which: so a value is never an argument.
 */
export interface SecretOffers {
  /** Gives a value once. Throws `secret.missing` where none waits under that id. */
  take(offer: string): string;
}
