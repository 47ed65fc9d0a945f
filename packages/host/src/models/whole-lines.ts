import { Fault } from "@mh/contract/values/fault.ts";

const lineLettersMax = 5_000_000;

/**
 * The same `fetch`, for a library that drops lines which are no JSON and prints them: they end the answer as
 * `model.failed`.
 */
export function wholeLines(inner: typeof fetch): typeof fetch {
  return async (input, init) => {
    const answer = await inner(input, init);
    // Whatever the server calls it: what was asked for as a stream is read line by line.
    if (!answer.body || !/"stream":true/.test(String(init?.body))) return answer;
    return new Response(ReadableStream.from(checked(answer.body)) as ReadableStream, answer);
  };
}

async function* checked(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > lineLettersMax)
      throw new Fault("model.failed", "The model's server wrote a line without an end.");
    for (const line of lines) check(line);
    yield chunk;
  }
  if (rest.trim() !== "") check(rest);
}

function check(line: string): void {
  try {
    JSON.parse(line);
  } catch (cause) {
    throw new Fault("model.failed", "The model's server answered what is no JSON.", { cause });
  }
}
