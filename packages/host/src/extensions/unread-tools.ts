import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";

/** Under this name stands what a server listed, where the library does not look. */
export const listedKey = "mh/tools";

/**
 * A transport whose lists of tools the library takes for empty. One tool that does not fit would cost it the whole list;
 * here each is read for itself, and an untrusted schema is never walked by anything that does not bound it.
 */
export function withUnreadTools<T extends Transport>(transport: T): T {
  const asked = new Set<unknown>();
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    for (const each of [message].flat())
      if ("id" in each && "method" in each && each.method === "tools/list") asked.add(each.id);
    return send(message, options);
  };
  let take: Transport["onmessage"];
  Object.defineProperty(transport, "onmessage", {
    get: () => take && wrapped,
    set: (listener: Transport["onmessage"]) => {
      take = listener === wrapped ? take : listener;
    },
  });
  const wrapped: NonNullable<Transport["onmessage"]> = (message, extra) => take?.(unread(message, asked), extra);
  return transport;
}

function unread(message: JSONRPCMessage, asked: Set<unknown>): JSONRPCMessage {
  if (!("id" in message) || !asked.delete(message.id) || !("result" in message)) return message;
  const { result } = message as { result: Record<string, unknown> };
  if (!Array.isArray(result?.tools)) return message;
  return { ...message, result: { ...result, tools: [], [listedKey]: result.tools } } as JSONRPCMessage;
}
