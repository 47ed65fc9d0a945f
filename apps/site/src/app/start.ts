import { hydrate } from "svelte";
import { home } from "../data/home.svelte.ts";
import { watchSeen } from "../data/last-seen.ts";
import App from "./App.svelte";
import { whenBack } from "./back.svelte.ts";
import { pageAt } from "./pages.ts";
import { route } from "./route.svelte.ts";

const target = document.getElementById("app") as HTMLElement;
route.start();
hydrate(App, { target, props: { page: pageAt(location.pathname) ?? "dashboard" } });
void home.start();
whenBack();
watchSeen();
// A link to a request leads to its card, once its holder is signed in.
if (home.request) route.go(`/approvals?id=${home.request}`, { replace: true });

// A build replaced what this page was made of: its code for other pages is gone.
addEventListener("vite:preloadError", () => location.reload());
