/** Words that are being typed: they outlive the page, in this browser, until they are taken out. */
export class Draft {
  readonly #key: string;
  #words = $state("");

  constructor(name: string) {
    this.#key = `mh-draft-${name}`;
    if (typeof localStorage !== "undefined") this.#words = localStorage.getItem(this.#key) ?? "";
  }

  get words(): string {
    return this.#words;
  }
  set words(next: string) {
    this.#words = next;
    if (next) localStorage.setItem(this.#key, next);
    else localStorage.removeItem(this.#key);
  }
}
