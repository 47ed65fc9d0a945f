import { unreached } from "./unreached.ts";

/** One block of `text/event-stream`. */
export interface StreamBlock {
  id?: string | undefined;
  event?: string | undefined;
  data: string;
}

/**
 * Reads server-sent events (WHATWG HTML) as far as mh sends them: one line of each field, blocks ended by an empty line. Throws
 * `daemon.refused` where the connection breaks.
 */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamBlock> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw unreached(cause);
      });
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split("\n").map(fieldOf));
        if (fields.data !== undefined) yield { id: fields.id, event: fields.event, data: fields.data };
      }
    }
  } finally {
    // One that broke cannot be cancelled, and need not be.
    await reader.cancel().catch(() => undefined);
  }
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}
