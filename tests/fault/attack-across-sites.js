// Runs in the attacker's page: everything that a script can do to make a request, each with how it ended.
async ([target, token]) => {
  const body = JSON.stringify({ skill: "memory.capture", args: { text: "forged" } });
  const json = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const ends = {};
  const attack = async (name, work) => {
    ends[name] = await work().then(String, () => "failed");
  };
  const fetched = async (path, init) => {
    const answer = await fetch(target + path, init);
    return `${answer.type} ${answer.status} ${await answer.text()}`;
  };
  const opened = (it, good) =>
    new Promise((resolve) => {
      it.addEventListener(good, () => resolve("opened"));
      it.addEventListener("error", () => resolve("failed"));
    });
  const element = (tag, attributes) => {
    const it = Object.assign(document.createElement(tag), attributes);
    document.head.append(it);
    return opened(it, "load");
  };
  await attack("command", () => fetched("/v1/command", { method: "POST", headers: json, body }));
  await attack("blind command", () => fetched("/v1/command", { method: "POST", mode: "no-cors", body }));
  await attack("blind command with cookies", () =>
    fetched("/v1/command", { method: "POST", mode: "no-cors", credentials: "include", body }),
  );
  await attack("reading", () => fetched("/openapi.json", { headers: { authorization: `Bearer ${token}` } }));
  await attack("reading what is open", () => fetched("/health", {}));
  await attack("beacon", async () => navigator.sendBeacon(`${target}/v1/command`, new Blob([body])));
  await attack("events", () => opened(new EventSource(`${target}/v1/events`), "open"));
  await attack("events with cookies", () =>
    opened(new EventSource(`${target}/v1/events?after=-1`, { withCredentials: true }), "open"),
  );
  await attack("web socket", () => opened(new WebSocket(`${target.replace("http", "ws")}/v1/events`), "open"));
  await attack("script", () => element("script", { src: `${target}/page.js` }));
  await attack("style", () => element("link", { rel: "stylesheet", href: `${target}/page.css` }));
  await attack("image", () => element("img", { src: `${target}/` }));
  return ends;
};
