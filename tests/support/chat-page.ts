import { serveHttp } from "@mh/host/serve/http/serve-http.ts";
import type { HostOptions } from "@mh/testing";
import { testClock } from "@mh/testing/test-clock.ts";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { signInLink, token } from "../serve-home.ts";
import { chatHome } from "./chat-home.ts";
import { freePort } from "./free-port.ts";
import { signedIn } from "./site-browser.ts";

/** The chat page of a home with a scripted model, served by this process; further tabs and phones by `visit`. */
export async function chatPage(browser: Browser, options?: BrowserContextOptions, home: HostOptions = {}) {
  await using cleanup = new AsyncDisposableStack();
  const made = cleanup.use(await chatHome({ clock: testClock(new Date().toISOString()), ...home }));
  const serve = (port: number) => serveHttp({ host: made.home.host, token, settings: { port } });
  let http = await serve(await freePort());
  cleanup.defer(() => http[Symbol.asyncDispose]());
  const visits = cleanup.use(new AsyncDisposableStack());
  const visit = async (path = "/chat", more = options) => {
    const one = visits.use(await signedIn(browser, signInLink(`${http.url}/chat`), more));
    if (path !== "/chat") await one.page.goto(`${http.url}${path}`);
    return one;
  };
  const { page, complaints } = await visit();
  const field = page.getByRole("textbox", { name: "Ask, tell or correct" });
  const opened = cleanup.move();
  const say = async (words: string) => {
    await field.fill(words);
    await field.press("Enter");
  };
  /** The chat that the page shows. */
  const shown = () => new URL(page.url()).searchParams.get("id") ?? "";
  const { url } = http;
  /** Closes every connection, as a network does; the home goes on. */
  const lose = () => http[Symbol.asyncDispose]();
  const comeBack = async () => {
    http = await serve(Number(new URL(url).port));
  };
  return {
    ...{ ...made, url, lose, comeBack },
    page,
    field,
    complaints,
    say,
    shown,
    visit,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
