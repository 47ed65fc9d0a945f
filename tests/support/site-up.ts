import type { Page } from "playwright-core";
import { expect } from "vitest";
import { type Mh, mhWithHome } from "../fault/mh.ts";
import { freePort } from "./free-port.ts";

/** A home with a daemon of its own, which can be ended and begun again at the same port. */
export async function upHome(
  fill?: (mh: Mh & { port: number }) => Promise<void> | void,
): Promise<Mh & Disposable & { port: number }> {
  const mh = mhWithHome();
  const port = await freePort();
  expect(mh.run(["config", "set", "daemon.port", String(port)])).toMatchObject({ code: 0 });
  expect(mh.run(["daemon", "start"]).code).toBe(0);
  await fill?.({ ...mh, port });
  const dispose = () => {
    mh.run(["daemon", "stop"]);
    mh[Symbol.dispose]();
  };
  return { ...mh, port, [Symbol.dispose]: dispose };
}

/** A link that signs one browser in, once. */
export const linkOf = (mh: Mh): string => mh.run(["open", "--print"]).out.trim();

/** The service worker governs the page from here on. */
export const governed = (page: Page): Promise<unknown> =>
  page.evaluate(
    "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || new Promise((go) => navigator.serviceWorker.oncontrollerchange = go)).then(() => true)",
  );
