// The site: signing in, what is served, its client, and what a page shows of texts.
import { contract, core, host, type Sabotage, site, system } from "./sabotage.ts";

const signIn = host("serve/http/sign-in.ts");
const once = {
  file: host("serve/http/sign-in.test.ts"),
  name: "a code is taken once, within ten minutes, by the daemon that was up when it was made",
};
const session = {
  file: host("serve/http/sign-in.test.ts"),
  name: "a session holds for thirty days, for its token alone, and cannot be made longer",
};
const following = contract("http-follow.ts");
const unsaid = system(
  "http-client",
  "what cannot be said over HTTP is refused, and so is a request to follow that the daemon refuses",
);

const challenge = {
  file: host("passkeys/passkeys.test.ts"),
  name: "H25 a challenge counts once, within five minutes, for the use that it was issued for",
};

const unlocked = "H25 a grave yes of a device needs its passkey, unlocked, from our page, for just that request";
const onePasskey =
  "H25 with its token alone a device neither takes its passkey away nor adds another; a revoked one has none";

export const siteSabotages: readonly Sabotage[] = [
  {
    name: "a link that signed a browser in signs in another one",
    file: signIn,
    find: " || this.#used.has(code)",
    replace: "",
    test: once,
  },
  {
    name: "a code that was used before a restart is taken again",
    file: signIn,
    find: "madeAt < this.#since || ",
    replace: "",
    test: once,
  },
  {
    name: "a code is worth a session",
    file: signIn,
    find: "!text?.startsWith(",
    replace: "text?.startsWith(",
    test: session,
  },
  {
    name: "a session never ends",
    file: signIn,
    find: "now < until && ",
    replace: "",
    test: session,
  },
  {
    name: "a page of the site runs whatever stands in it",
    file: host("serve/http/site-route.ts"),
    find: "script-src 'self'",
    replace: "script-src 'self' 'unsafe-inline'",
    test: {
      file: host("serve/http/site-route.test.ts"),
      name: "P2 a page runs its own scripts and those that the build hashed, and nothing inline beside",
    },
  },
  {
    name: "a new build of the site is not seen before the daemon begins anew",
    file: host("serve/http/site-files.ts"),
    find: "if (this.#read?.at !== at) {",
    replace: "if (!this.#read) {",
    test: { file: host("serve/http/site-route.test.ts"), name: "a new build is served from the next request on" },
  },
  {
    name: "a client that came back begins with what happens then",
    file: following,
    find: '{ "last-event-id": String(last) }',
    replace: "{}",
    test: system("http-client", "H22 a client that lost its daemon hears what it missed, each event once"),
  },
  {
    name: "a request to follow that the daemon refuses is sent again without end",
    file: following,
    find: '        onConnection?.("lost");\n        throw error;',
    replace: '        return "lost";',
    test: unsaid,
  },
  {
    name: "over HTTP a command for another principal is the owner's own",
    file: contract("http-client.ts"),
    find: "if (as !== undefined || repeats)",
    replace: "if (repeats)",
    test: unsaid,
  },
  {
    name: "a character without ink is not shown by its name",
    file: site("parts/hidden.ts"),
    find: "readable(text)",
    replace: "text",
    test: {
      file: site("parts/hidden.test.ts"),
      name: "P14 characters without ink are boxed by name, and none of them is lost",
    },
  },
  {
    name: "a challenge for one request proves another",
    file: host("passkeys/passkeys.ts"),
    find: " || canonical(issued.use) !== canonical(use)",
    replace: "",
    test: challenge,
  },
  {
    name: "a passkey's answer counts again and again",
    file: host("passkeys/challenges.ts"),
    find: "this.#open.delete(text);\n    return found",
    replace: "return found",
    test: challenge,
  },
  {
    name: "a device approves what is of high risk without its passkey",
    file: core("devices/passkey.ts"),
    find: "if (!response)\n    throw new Fault(",
    replace: "if (!response) return undefined;\n  if (!response)\n    throw new Fault(",
    test: system("passkeys", unlocked),
  },
  {
    name: "a passkey counts though nobody unlocked it",
    file: host("passkeys/webauthn.ts"),
    find: "requireUserVerification: true",
    replace: "requireUserVerification: false",
    test: system("passkeys", unlocked),
  },
  {
    name: "a device that has a passkey adds another",
    file: core("devices/passkey.ts"),
    find: "if (passkey === null) return;\n  const next",
    replace: "if (passkey !== undefined) return;\n  const next",
    test: system("passkeys", onePasskey),
  },
  {
    name: "a part styles a class that is another part's",
    file: "apps/site/src/style/settings.css",
    find: ".mcp-offer {",
    replace: ".lines > li > .offer {",
    test: {
      file: "apps/site/src/style/style.test.ts",
      name: "the class of one part is none of another part: what several use stands with the pieces",
    },
  },
  {
    name: "a style stays behind when its markup goes",
    file: "apps/site/src/chat/Message.svelte",
    find: "small by-log",
    replace: "small",
    test: { file: "apps/site/src/style/style.test.ts", name: "no style is left of what no page has" },
  },
];
