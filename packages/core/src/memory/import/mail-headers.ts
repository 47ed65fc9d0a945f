/** The headers of a mail, and of its parts: from its beginning, or from behind a boundary, to the next empty line. */
const headers = /(?:^|\n--[^\r\n]{1,200}\r?\n)(?!\r?\n).*?(?=\n\r?\n|$)/gs;

/** A mail with other headers. What a text says of headers stays as it stands. */
export const withHeaders = (text: string, change: (block: string) => string): string => text.replace(headers, change);
