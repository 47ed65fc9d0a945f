import { endpoint } from "../endpoint.ts";

/** A message as a subscriber gets it. */
export interface NtfyMessage {
  topic: string;
  title: string;
  message: string;
  priority: number;
  click?: string;
}

/** A server that speaks ntfy's protocol (https://docs.ntfy.sh/publish/#publish-as-json). */
export interface Ntfy extends AsyncDisposable {
  url: string;
  messages: NtfyMessage[];
  /** Until it is back, it answers as a server that is broken. */
  isDown: boolean;
}

export async function startNtfy(): Promise<Ntfy> {
  const server = await endpoint();
  const ntfy: Ntfy = {
    url: server.url,
    messages: [],
    isDown: false,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  server.answer = ({ method, path, body }) => {
    if (ntfy.isDown) return { status: 500, body: '{"code":50001,"http":500,"error":"internal server error"}' };
    const message = messageIn(body);
    if (method !== "POST" || path !== "/" || !message) {
      return {
        status: 400,
        body: '{"code":40017,"http":400,"error":"invalid request: request body must be valid JSON"}',
      };
    }
    ntfy.messages.push(message);
    const id = `m${ntfy.messages.length}`.padEnd(12, "0");
    return { status: 200, body: JSON.stringify({ id, time: 1_772_442_000, event: "message", ...message }) };
  };
  return ntfy;
}

function messageIn(body: Buffer): NtfyMessage | undefined {
  const message = JSON.parse(body.toString("utf8")) as NtfyMessage;
  const isWhole = /^[\w-]{1,64}$/.test(message.topic) && message.priority >= 1 && message.priority <= 5;
  return isWhole ? message : undefined;
}
