/** What a note is called by its file: without folder, ending, percent signs and the long ids that exports add. */
export function calledBy(path: string): string {
  const name = path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/\.(?:md|markdown|mdown|mkd|mdx|qmd|txt|text|rst|adoc|org|html?|xhtml|canvas|docx|odt)$/i, "");
  // Logseq writes a slash as three underscores.
  const readable = unescaped(name)
    .replaceAll("___", "/")
    .replace(/(?<![ _-])[ _-]+[0-9a-f]{32}$/i, "");
  return readable.trim() === "" ? name : readable;
}

function unescaped(name: string): string {
  if (!/%[0-9a-f]{2}/i.test(name)) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    // "100%25 of 50%" is a name as well: what can be read of it is.
    return name.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}
