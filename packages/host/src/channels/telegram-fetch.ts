import { Fault } from "@mh/contract/values/fault.ts";
import type { Http } from "@mh/core/ports/http.ts";
import { MessengerTrouble } from "@mh/core/ports/messenger.ts";

/** A hundred updates of the longest messages are less. */
const bytesMax = 4_000_000;

/**
 * `fetch` for the library, over the port that was held to the settings' hosts. Addresses hold the bot's token, so that no
 * message of a failure is passed on as it is.
 */
export function fetchOverHttp(
  http: Http,
  { reach, timeoutMs, signal }: { reach: "public" | "any"; timeoutMs: number; signal: AbortSignal },
): typeof fetch {
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const { host } = new URL(url);
    if (typeof init.body !== "string") throw new Error("A request's body is JSON.");
    try {
      const { status, body } = await http.request({
        ...{ url, method: "POST", headers: { "content-type": "application/json" }, body: init.body },
        ...{ reach, timeoutMs, bytesMax, signal },
      });
      const text = Buffer.from(body).toString("utf8");
      if (!isJson(text)) throw new MessengerTrouble("busy", `${host} answered ${status}, and not as Telegram does.`);
      return new Response(text, { status: status >= 200 && status <= 599 ? status : 502 });
    } catch (error) {
      if (signal.aborted || error instanceof MessengerTrouble) throw error;
      if (!(error instanceof Fault)) throw error;
      throw new MessengerTrouble("unreachable", unreachable(host, error));
    }
  };
}

/** What the port reports, without the address that it quotes. */
function unreachable(host: string, { code, message }: Fault): string {
  const why = /not on the open Internet/.test(message)
    ? "its address is not on the open Internet"
    : "there is no answer";
  return `${host}: ${why} (${code}). Is this machine online?`;
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}
