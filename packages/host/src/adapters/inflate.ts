import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { Fault } from "@mh/contract/values/fault.ts";

/** What a request says it can read. */
export const understoodEncodings = "gzip, deflate, br";

/** An HTTP body as it was before its Content-Encoding. Longer than `bytesMax` is `tooLong`, before more of it is made. */
export async function inflated(body: Buffer, encoding: string, bytesMax: number, tooLong: () => Fault) {
  const name = encoding.trim().toLowerCase();
  if (body.length === 0 || name === "" || name === "identity") return body;
  const inflate = decoderFor(name, body);
  if (!inflate) throw new Fault("http.failed", `The answer is packed as ${name.slice(0, 50)}, which mh does not read.`);
  try {
    return await inflate(body, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") throw tooLong();
    throw new Fault("http.failed", `The answer is said to be packed as ${name}, and is not.`, { cause: error });
  }
}

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

function decoderFor(name: string, body: Buffer): Decoder | undefined {
  if (name === "gzip" || name === "x-gzip") return promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
  if (name === "br") return promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);
  if (name !== "deflate") return undefined;
  // Servers mean zlib's format (RFC 9110), or send it bare: the first half-byte of zlib's is 8.
  const isWrapped = ((body[0] ?? 0) & 0x0f) === 8;
  return promisify<Buffer, zlib.ZlibOptions, Buffer>(isWrapped ? zlib.inflate : zlib.inflateRaw);
}
