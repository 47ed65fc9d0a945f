/**
 * Turns a line into what is stored and back, on its way into the journal and the memory files.
 * The hash chain runs over what is stored, so verification needs no key.
 */
export interface LineCodec {
  encode(line: string): string;
  decode(stored: string): string;
}

export const plainLines: LineCodec = { encode: (line) => line, decode: (stored) => stored };
