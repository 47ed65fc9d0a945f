/** Kinds of sound files that transcription servers take, with how their names end. */
const endings: Readonly<Record<string, string>> = {
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "audio/wav": "wav",
  "audio/ogg": "ogg",
  "audio/flac": "flac",
  "audio/webm": "webm",
};

const named = /\.(?:mp3|mpga|mpeg|m4a|mp4|wav|ogg|oga|opus|flac|webm)$/i;

/** Whether a name says that it is one. */
export const isSoundName = (name: string): boolean => named.test(name) && !name.startsWith(".");

/** How a file of a kind is called where its own name is nobody's business. */
export const plainName = (mediaType: string): string => `recording.${endings[mediaType] ?? "bin"}`;

/** What a file is by its first bytes, whatever its name says; undefined where it is no sound that is known. */
export function soundType(bytes: Uint8Array): string | undefined {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (text(0, 4) === "RIFF" && text(8, 12) === "WAVE") return "audio/wav";
  if (text(4, 8) === "ftyp") return "audio/mp4";
  if (text(0, 4) === "OggS") return "audio/ogg";
  if (text(0, 4) === "fLaC") return "audio/flac";
  if (bytes[0] === 0x1a && bytes[1] === 0x45 && bytes[2] === 0xdf && bytes[3] === 0xa3) return "audio/webm";
  // A tag, or the eleven bits that begin a frame of layer III.
  const isFrame = bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2;
  return text(0, 3) === "ID3" || isFrame ? "audio/mpeg" : undefined;
}
