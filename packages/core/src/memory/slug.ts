/** A file name for a title: lower case letters and digits of any script, joined by hyphens, 60 characters at most. */
export function slugOf(title: string): string {
  const words = title
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  return (
    words
      ?.join("-")
      .slice(0, 60)
      .toWellFormed()
      .replace(/\uFFFD/g, "")
      .replace(/-$/, "") || "unnamed"
  );
}
