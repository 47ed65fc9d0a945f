// The service worker: the page without a network, and notifications while no page is open. It holds no token.
import { dropOldBuilds, keepSite, keptAnswer } from "./kept-site.ts";
import { answerTap, showPush } from "./notifications.ts";

const worker = self as unknown as ServiceWorkerGlobalScope;

worker.addEventListener("install", (event) => event.waitUntil(keepSite().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(dropOldBuilds().then(() => worker.clients.claim())));

worker.addEventListener("fetch", (event) => {
  const answer = keptAnswer(event.request);
  if (answer) event.respondWith(answer);
});

worker.addEventListener("push", (event) => {
  // What is no message of ours is shown all the same: a browser takes the right away from a page that pushes in silence.
  event.waitUntil(showPush(worker, event.data?.text()));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(answerTap(worker, event));
});
