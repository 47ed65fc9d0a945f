import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Channel } from "@mh/core/ports/channel.ts";
import type { Http } from "@mh/core/ports/http.ts";
import { z } from "zod";
import { expectTaken, limits } from "./answer.ts";
import { cut } from "./cut.ts";

/** What signal-cli answers (its man page signal-cli-jsonrpc(5)): an error, or how it went for each recipient. */
const answerSchema = z.looseObject({
  error: z.looseObject({ message: z.string().default("") }).optional(),
  result: z.looseObject({ results: z.array(z.looseObject({ type: z.string() })).default([]) }).optional(),
});

/** Signal, by a signal-cli daemon's JSON-RPC over HTTP. Urgency says nothing there. */
export function signalChannel({ http }: { http: Http }): Channel {
  return {
    name: "signal",
    missing: (config) => (notifySettings.of(config).signal ? undefined : "config.yaml has no notify.signal"),
    async deliver({ id, title, body, url }, { config, signal }) {
      const { signal: settings } = notifySettings.of(config);
      if (!settings) return [];
      const { from: account, to } = settings;
      const message = cut([title, body, url].filter(Boolean).join("\n"), 2000);
      const call = { jsonrpc: "2.0", id, method: "send", params: { account, recipient: [to], message } };
      const answered = await http.request({
        method: "POST",
        url: `${settings.url.replace(/\/+$/, "")}/api/v1/rpc`,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(call),
        reach: "any",
        signal,
        ...limits,
      });
      expectTaken("signal-cli", answered);
      expectDone(decodeLossy(answered.body));
      return [{ channel: "signal", how: "sent" }];
    },
  };
}

/** The protocol says in the body what HTTP would say in the status. */
function expectDone(text: string): void {
  const { error, result } = parsed(text);
  if (error) throw new Fault("notify.failed", `signal-cli says: ${visible(error.message).slice(0, 200)}`);
  const bad = result?.results.find(({ type }) => type !== "SUCCESS");
  if (bad) throw new Fault("notify.failed", `Signal did not deliver it: ${visible(bad.type).slice(0, 100)}.`);
  if (!result) throw new Fault("notify.failed", "What answered is not signal-cli's JSON-RPC. Is the address right?");
}

function parsed(text: string): z.infer<typeof answerSchema> {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}
