import { type AuthProvider, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const answerBytesMax = 8 * 2 ** 20;

/**
 * A server at an address. Its answers are bounded, nothing goes to another origin than its own, wherever it redirects,
 * and it has no stream of its own to speak on: what changed of it is asked before every call.
 */
export function httpTransport(
  url: string,
  headers: Record<string, string>,
  authProvider?: AuthProvider,
): StreamableHTTPClientTransport {
  const { origin } = new URL(url);
  return new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers },
    redirectPolicy: "same-origin",
    // A wider permission is the owner's to give, by signing in again.
    onInsufficientScope: "throw",
    ...(authProvider && { authProvider }),
    reconnectionOptions: {
      maxReconnectionDelay: 1_000,
      initialReconnectionDelay: 500,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 0,
    },
    fetch: async (input, init) => {
      const to = new URL(input instanceof Request ? input.url : input);
      if (to.origin !== origin) throw new Error(`it leads to ${to.host}, which is not its own address`);
      if ((init?.method ?? "GET") === "GET") return new Response(null, { status: 405 });
      return bounded(await fetch(to, { ...init, redirect: "manual" }));
    },
  });
}

function bounded(response: Response): Response {
  if (!response.body) return response;
  let size = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.length;
      if (size > answerBytesMax) controller.error(new Error("it sent more than 8 MiB"));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counting), { status, statusText, headers });
}
