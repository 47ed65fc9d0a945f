import * as path from "node:path";
import { makeHost, type TestHost } from "@mh/testing";
import { expect } from "vitest";
import { makeCertificates } from "../certificates.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { makeBrowser } from "./push-browser.ts";

/** What a notification shows, as a browser reads it. */
export interface ShownNotice {
  title: string;
  body: string;
  tag: string;
  navigate: string;
  silent: boolean;
  actions?: { action: string; title: string }[];
  data?: { device: string; presses: Record<string, string> };
}

/** A home with a push service of its own, trusted by the certificate authority that its settings name. */
export interface PushingHome extends AsyncDisposable {
  home: TestHost;
  server: Endpoint;
  /** Adds a device whose browser subscribed. */
  subscribe(name: string, more?: { words?: boolean; role?: "viewer" | "operator" }): Promise<PushedDevice>;
  /** Shows what is to be shown, as a daemon does. */
  listen(): Promise<void>;
}

export interface PushedDevice {
  id: string;
  browser: ReturnType<typeof makeBrowser>;
  /** What came to this browser, in order. */
  notices(): ShownNotice[];
}

export async function pushingHome(): Promise<PushingHome> {
  const stack = new AsyncDisposableStack();
  const home = stack.use(await makeHost());
  const { caFile, key, cert } = makeCertificates(path.dirname(home.root));
  const server = stack.use(await endpoint({ key, cert }));
  server.answer = () => ({ status: 201 });
  const notify = { desktop: false, webPush: { contact: "mailto:ada@example.com", hosts: ["localhost"] } };
  await home.own("config.write", { text: JSON.stringify({ notify, network: { caFile }, timeZone: "UTC" }) });
  return {
    ...{ home, server },
    async subscribe(name, { words = true, role = "operator" } = {}) {
      const { id } = await home.own("device.add", { name, role });
      const browser = makeBrowser(server, `/push/${name}`);
      const args = { device: name, subscription: browser.subscription, words };
      expect((await home.act(role === "viewer" ? "owner" : `owner/${name}`, "device.subscribe", args)).status).toBe(
        "done",
      );
      const notices = () =>
        server.received
          .filter((each) => each.path === `/push/${name}`)
          .map((each) => (browser.read(each) as { notification: ShownNotice }).notification);
      return { id, browser, notices };
    },
    async listen() {
      for (const service of home.host.services) stack.use(await service.start());
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
