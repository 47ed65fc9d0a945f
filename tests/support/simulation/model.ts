/** What a home says: memories, tasks, settings, persona and rights, each under a name of its own. */
export type State = ReadonlyMap<string, string>;

/** What a command changes; undefined takes away. */
export type Patch = ReadonlyMap<string, string | undefined>;

/** Ends what an archived memory says. */
export const shelved = " (archived)";

/** What stands in a file of it, word for word: a title has a line of its own there. */
export const wordsOf = (says: string): string =>
  (says.endsWith(shelved) ? says.slice(0, -shelved.length) : says).replace(/^Learn \d+\n\n/, "");

/** All that was done, in order, and what comes of it. */
export class Model {
  readonly #state: Map<string, string>;
  readonly #done: { cmd: string; before: Patch }[] = [];
  readonly #forgotten = new Set<string>();
  readonly #everSaid = new Map<string, Set<string>>();
  readonly #snapshots = new Map<string, State>();

  constructor(before: State) {
    this.#state = new Map(before);
  }

  get state(): State {
    return this.#state;
  }

  /** What forgotten memories ever said. */
  get gone(): string[] {
    return [...this.#forgotten].flatMap((key) => [...(this.#everSaid.get(key) ?? [])].map(wordsOf));
  }

  /** A command that can be undone where `cmd` is given. */
  write(patch: Patch, cmd?: string): void {
    const before = new Map([...patch.keys()].map((key) => [key, this.#state.get(key)]));
    this.#apply(patch);
    if (cmd !== undefined) this.#done.push({ cmd, before });
  }

  /** An undo is a command as others are, and may be taken back itself. */
  undo(cmds: readonly string[], cmd: string): void {
    const taken = [...this.#done].reverse().filter((done) => cmds.includes(done.cmd));
    this.write(new Map(taken.flatMap(({ before }) => [...before])), cmd);
  }

  forget(key: string): void {
    this.#apply(new Map([[key, undefined]]));
    this.#forgotten.add(key);
  }

  snapshot(name: string): void {
    this.#snapshots.set(name, new Map(this.#state));
  }

  /** Memories and documents are as they were; rights are nobody's to bring back, and settings bound what others may do. */
  restore(name: string, cmd: string): void {
    const kept = [...(this.#snapshots.get(name) ?? [])].filter(([key]) => /^(?:memory|task|persona) /.test(key));
    this.write(new Map(kept.filter(([key, value]) => this.#state.get(key) !== value)), cmd);
  }

  #apply(patch: Patch): void {
    for (const [key, value] of patch) {
      if (value !== undefined) this.#everSaid.set(key, (this.#everSaid.get(key) ?? new Set()).add(value));
      if (value === undefined || this.#forgotten.has(key)) this.#state.delete(key);
      else this.#state.set(key, value);
    }
  }
}
