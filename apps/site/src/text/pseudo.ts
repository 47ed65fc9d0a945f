const accents: Readonly<Record<string, string>> = { a: "á", e: "é", i: "í", o: "ó", u: "ú", A: "Á", E: "É", O: "Ó" };

/** The same texts, a third longer and with accents, as another language may be. Functions keep their arguments. */
export function pseudo<T>(texts: T): T {
  if (typeof texts === "string") return marked(texts) as T;
  if (typeof texts === "function") {
    const say = texts as (...args: unknown[]) => string;
    return ((...args: unknown[]) => marked(say(...args))) as T;
  }
  const entries = Object.entries(texts as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name, pseudo(value)])) as T;
}

const marked = (text: string): string =>
  `[${text.replace(/[aeiouAEO]/g, (letter) => accents[letter] ?? letter)}${"·".repeat(Math.ceil(text.length / 3))}]`;
