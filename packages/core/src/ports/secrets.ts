/** Passwords and tokens, kept outside the home. Their values never enter the log, a memory or an argument. */
export interface Secrets {
  /** Throws `secret.missing` where there is none of that name. */
  read(name: string): string;
  names(): string[];
  write(name: string, value: string): void;
  remove(name: string): void;
}
