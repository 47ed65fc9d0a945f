/** Turns a text into what an encrypted home stores of it, one line without spaces at its ends, and back. */
export interface LineCodec {
  encode(text: string): string;
  /** Throws where the stored line was changed, or was written with another key. */
  decode(stored: string): string;
}
