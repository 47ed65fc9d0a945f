/** A PDF of numbered objects (ISO 32000-2, 7.5), the first of them its catalog; `trailer` is what stands beside the root. */
export function pdfOf(objects: readonly (string | Uint8Array)[], trailer = ""): Buffer {
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n")];
  const at: number[] = [];
  let size = parts[0]?.length ?? 0;
  const add = (part: Buffer) => {
    parts.push(part);
    size += part.length;
  };
  for (const [i, object] of objects.entries()) {
    at.push(size);
    add(
      Buffer.concat([
        Buffer.from(`${i + 1} 0 obj\n`),
        Buffer.from(object as string, "latin1"),
        Buffer.from("\nendobj\n"),
      ]),
    );
  }
  const rows = at.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const count = objects.length + 1;
  add(
    Buffer.from(
      `xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n<</Size ${count}/Root 1 0 R${trailer}>>\nstartxref\n${size}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** A stream, with what its dictionary says beside its length. */
export const streamOf = (bytes: string | Uint8Array, dictionary = ""): Buffer =>
  Buffer.concat([
    Buffer.from(`<</Length ${bytes.length}${dictionary}>>stream\n`),
    Buffer.from(bytes as string, "latin1"),
    Buffer.from("\nendstream"),
  ]);

/** Lines of text from the top of a page, each so far below the one before it. */
export const linesOf = (lines: readonly (string | { text: string; gap: number })[]): string =>
  [
    "BT /F1 12 Tf 72 720 Td",
    ...lines.map((line) =>
      typeof line === "string" ? `0 -14 Td (${escaped(line)}) Tj` : `0 -${line.gap} Td (${escaped(line.text)}) Tj`,
    ),
    "ET",
  ].join("\n");

const escaped = (text: string): string => text.replace(/[\\()]/g, "\\$&");

/** A PDF whose pages have these contents; `info` is its information dictionary, `catalog` what stands in its catalog. */
export function pagesPdf(
  contents: readonly (string | Uint8Array)[],
  { info = "", catalog = "", filter = "" }: { info?: string; catalog?: string; filter?: string } = {},
): Buffer {
  const first = 5;
  const kids = contents.map((_, i) => `${first + 2 * i} 0 R`).join(" ");
  return pdfOf(
    [
      `<</Type/Catalog/Pages 2 0 R${catalog}>>`,
      `<</Type/Pages/Kids[${kids}]/Count ${contents.length}>>`,
      "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
      `<<${info}>>`,
      ...contents.flatMap((content, i) => [
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents ${first + 1 + 2 * i} 0 R/Resources<</Font<</F1 3 0 R>>>>>>`,
        streamOf(content, filter),
      ]),
    ],
    "/Info 4 0 R",
  );
}

/** A PDF with so many pages of text. */
export const textPdf = (...pages: (readonly string[])[]): Buffer => pagesPdf(pages.map(linesOf));
