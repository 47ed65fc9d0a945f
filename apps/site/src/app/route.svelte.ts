import { type PageName, pageAt } from "./pages.ts";

/** Which page is shown, and what of it: links of ours change this, without loading anything but the page's own code. */
class Route {
  page = $state<PageName>("dashboard");
  query = $state.raw(new URLSearchParams());

  /** Called once, in a browser. */
  start(): void {
    this.#read();
    addEventListener("popstate", () => this.#read());
    addEventListener("click", (event) => this.#click(event));
  }

  go(path: string, { replace = false }: { replace?: boolean } = {}): void {
    if (path === `${location.pathname}${location.search}`) return;
    if (replace) history.replaceState(null, "", path);
    else history.pushState(null, "", path);
    const before = this.page;
    this.#read();
    if (this.page !== before) scrollTo(0, 0);
  }

  #read(): void {
    const page = pageAt(location.pathname);
    if (page) this.page = page;
    this.query = new URLSearchParams(location.search);
  }

  #click(event: MouseEvent): void {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!isPlain || event.defaultPrevented || !link || link.origin !== location.origin || link.target) return;
    if (!pageAt(link.pathname) || link.hash) return;
    event.preventDefault();
    this.go(`${link.pathname}${link.search}`);
  }
}

export const route = new Route();
