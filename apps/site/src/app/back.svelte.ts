import { untrack } from "svelte";
import { home } from "../data/home.svelte.ts";
import { outbox } from "../data/outbox.svelte.ts";
import { update } from "./update.svelte.ts";

/** What is seen to whenever the daemon can be reached again: that this page is of its build, and what waited for it. */
export function whenBack(): void {
  $effect.root(() => {
    $effect(() => {
      if (home.connection !== "live") return;
      untrack(() => {
        void update.look();
        void outbox.flush();
      });
    });
  });
  // The page itself comes first.
  addEventListener("load", () => void register());
}

const workerUrl = "/worker.js";

/**
 * A page without a secure context has no service worker, and some browsers refuse one: the page works, and is not kept for
 * when it is offline. Push, which needs one, says so where it is turned on.
 */
async function register(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const url = trustedUrl();
  await navigator.serviceWorker.register(url as string).catch(() => undefined);
}

/** Trusted Types: this one script may be run as a worker, and no other. */
function trustedUrl(): unknown {
  const { trustedTypes } = globalThis as unknown as { trustedTypes?: TrustedTypes };
  return trustedTypes?.createPolicy("mh-worker", { createScriptURL: () => workerUrl }).createScriptURL("") ?? workerUrl;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(text: string): unknown };
}
