/** The random end of an id, by which lists name things and commands find them again. */
export const shortId = (id: string): string => id.slice(-8);

/** A shorter part of an id names nothing: it would fit something by accident. */
export const shortIdCharsMin = 4;

/** The shortest end of an id that an index finds by itself; what is shorter looks through all of it. */
const endChars = 6;

/** What an index over a column must hold, so that ids are found by their end without reading all of them. */
export const idEnd = (column: string): string => `substr(${column}, -${endChars})`;

/**
 * SQL: the id in `column` begins or ends with the parameter `:text`, which has so many characters. Compared as it is
 * written: there are no wildcards.
 */
export function idLike(column: string, text: string): string {
  const begins = `${column} >= :text AND ${column} < :text || char(${0x10ffff})`;
  const end = text.length < endChars ? "" : `${idEnd(column)} = ${idEnd(":text")} AND `;
  return `((${begins}) OR (${end}substr(${column}, -length(:text)) = :text))`;
}
