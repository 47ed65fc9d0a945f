import { secretsNamedBy } from "../secret-places.ts";
import type { Taken } from "./read-entry.ts";

export interface KeptSecrets {
  names: readonly string[] | null;
  locked: string | null;
}

/** Names of secrets while files are taken over: those that the owner keeps, and those that servers of the files have. */
export class SecretNames {
  readonly #kept: ReadonlySet<string>;
  readonly #unknown: string | undefined;
  readonly #taken = new Set<string>();

  /** As `secret.list` gives them: a store that is locked may not tell its names. */
  constructor({ names, locked }: KeptSecrets) {
    this.#kept = new Set(names ?? []);
    this.#unknown = names === null ? (locked ?? "your secrets are locked") : undefined;
  }

  /** Why a server cannot be taken: no secret of the owner's is replaced, and no two servers share one. Else they are its own. */
  clashOf({ secrets, server }: Taken): string | undefined {
    const brought = secrets.map(({ name }) => name);
    const replaced = brought.find((name) => this.#kept.has(name));
    if (replaced !== undefined)
      return `you keep a secret ${replaced} already, which it would replace. \`mh secret rm ${replaced}\` if nothing needs it`;
    const names = [...brought, ...secretsNamedBy(server)];
    if (this.#unknown !== undefined && names.length > 0)
      return `nobody can say whether you keep a secret ${names[0]} already: ${this.#unknown}`;
    const shared = names.find((name) => this.#taken.has(name));
    if (shared !== undefined) return `another server has a secret ${shared}. Give one of them another name there`;
    for (const name of names) this.#taken.add(name);
    return undefined;
  }

  /** What of the owner's it is given, a sentence each. */
  givenTo({ server }: Taken): string[] {
    const names = secretsNamedBy(server).filter((name) => this.#kept.has(name));
    return names.map((name) => `It is given ${name}, which you keep already.`);
  }
}
