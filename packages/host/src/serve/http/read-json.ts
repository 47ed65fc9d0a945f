import { isNestedTooDeep, nestingMax } from "@mh/core/model/nesting.ts";
import { HTTPException } from "hono/http-exception";

/** The JSON that a request carries. Refuses every other type, what is too long whatever it says of its length, and bombs. */
export async function readJson(request: Request, bytesMax: number): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json *(; *charset="?utf-8"?)?$/i.test(type)) {
    throw new HTTPException(415, { message: "The body is JSON, and its content-type says application/json." });
  }
  if (request.headers.has("content-encoding")) {
    throw new HTTPException(415, { message: "The body is sent as it is, not compressed." });
  }
  const value = parse(await readAll(request, bytesMax));
  if (isNestedTooDeep(value)) {
    throw new HTTPException(400, { message: `The JSON is nested deeper than ${nestingMax} levels.` });
  }
  return value;
}

async function readAll(request: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLong = () => new HTTPException(413, { message: `A body has ${bytesMax} bytes at most.` });
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) throw tooLong();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > bytesMax) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new HTTPException(400, { message: "The body is not JSON in UTF-8." });
  }
}
