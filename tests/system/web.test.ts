import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { type AddressInfo, isIP } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import * as tls from "node:tls";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { agent } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Http, HttpRequest } from "@mh/core/ports/http.ts";
import { nodeHttp, type Reach } from "@mh/host/adapters/node-http.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const asked = { method: "GET", reach: "public", timeoutMs: 5_000, bytesMax: 1_000_000 } as const;
const get = (client: Http, url: string, more: Partial<HttpRequest> = {}) => client.request({ ...asked, ...more, url });
const text = ({ body }: { body: Uint8Array }) => Buffer.from(body).toString();

/** Every name leads to this machine, which stands for the open Internet; 127.0.0.2 stands for what lies inside. */
const toHere: Reach = {
  resolve: async () => [{ address: "127.0.0.1", family: 4 }],
  isPublic: (address) => address === "127.0.0.1",
};

interface Server extends AsyncDisposable {
  port: number;
  /** Paths that were asked for, with the name they were asked of. */
  asked: string[];
}

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

async function serve(handler: Handler, at = { host: "127.0.0.1", port: 0 }, secure?: https.ServerOptions) {
  const seen: string[] = [];
  const take: Handler = (request, response) => {
    seen.push(`${request.headers.host?.replace(/:\d+$/, "")}${request.url}`);
    handler(request, response);
  };
  const server = secure ? https.createServer(secure, take) : http.createServer(take);
  await new Promise<void>((resolve) => server.listen(at.port, at.host, resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, asked: seen, [Symbol.asyncDispose]: close } satisfies Server;
}

const page =
  (body: string | Buffer, type = "text/html; charset=utf-8", headers: http.OutgoingHttpHeaders = {}): Handler =>
  (_request, response) =>
    response.writeHead(200, { "content-type": type, ...headers }).end(body);
const redirectTo =
  (location: string, status = 302): Handler =>
  (_request, response) =>
    response.writeHead(status, { location }).end();

const faultOf = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "reached",
    (error: { code?: string }) => error.code,
  );

/** It makes certificates. It is there in CI (.ci/run); elsewhere what needs it is passed over where it is missing. */
const hasOpenssl = spawnSync("openssl", ["version"]).error === undefined;

const hostile = [
  ...["http://127.0.0.1", "http://127.1", "http://2130706433", "http://0x7f000001", "http://0177.0.0.1"],
  ...["http://0x7f.1", "http://127.0.0.1.", "http://①②⑦.⓪.⓪.①", "http://%31%32%37.0.0.1", "http://0", "http://[::]"],
  ...["http://localhost", "http://LOCALHOST", "http://localhost.", "http://[::1]", "http://[::ffff:127.0.0.1]"],
  ...["http://[0:0:0:0:0:ffff:7f00:1]", "http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]", "http://127.8.9.10"],
  ...["http://169.254.169.254", "http://[::ffff:169.254.169.254]", "http://0251.0376.0251.0376", "http://10.0.0.1"],
  ...["http://[fd00::1]", "http://[fe80::1]", "http://100.64.0.1", "http://224.0.0.1", "http://255.255.255.255"],
];

test.for(hostile)("P17 %s is refused without a connection", async (url) => {
  await using server = await serve(page("secret"));
  const client = nodeHttp();
  expect(await codeOf(get(client, `${url}:${server.port}/`))).toBe("http.refused");
  expect(server.asked).toEqual([]);
});

const misshapen = [
  ...[
    "file:///etc/passwd",
    "ftp://example.org/",
    "data:text/html,x",
    "javascript:1",
    "gopher://example.org",
    "//a.org",
  ],
  ...["http:/example.org", "http:example.org", "http:\\\\example.org", "http:///example.org", "http://", "http://."],
  ...[
    "http://a@example.org/",
    "http://a:b@example.org/",
    "http://@example.org/",
    "http://:@example.org/",
    "example.org",
  ],
  ...[
    " http://example.org",
    "http://exa mple.org",
    "http://example.org/\n",
    "http://example.org/\u202egpj",
    "http://a\\@b/",
  ],
  ...["http://example.org/\u0000", "http://exa\u200bmple.org", "http://[::1", "http://1.2.3.256", "http://a:99999/"],
];

test.for(misshapen)("P17 %j is no URL that is fetched, and the arguments are refused as such", async (url) => {
  await using home = await makeHost({ http: nodeHttp(undefined, toHere) });
  expect(faultOf(await home.act("owner", "web.fetch", { url }))).toBe("args.invalid");
  expect(await codeOf(get(nodeHttp(undefined, toHere), url))).toBe("http.refused");
});

test("P17 a name that leads to an inside address is refused, also where only one of several does", async () => {
  await using server = await serve(page("secret"));
  const names: Record<string, string[]> = {
    "inside.test": ["127.0.0.1"],
    "mixed.test": ["93.184.215.14", "127.0.0.1"],
    "six.test": ["::ffff:127.0.0.1"],
    "cloud.test": ["169.254.169.254"],
  };
  const resolve = async (name: string) => (names[name] ?? []).map((address) => ({ address, family: isIP(address) }));
  const client = nodeHttp(undefined, { resolve });
  const codes = Object.keys(names).map((name) => codeOf(get(client, `http://${name}:${server.port}/`)));
  expect(await Promise.all(codes)).toEqual(Object.keys(names).map(() => "http.refused"));
  expect(await codeOf(get(client, "http://nobody.test/"))).toBe("http.failed");
  expect(server.asked).toEqual([]);
});

test("P17 a name that answers differently the second time is connected to where it was judged", async () => {
  await using outside = await serve(page("outside"));
  await using inside = await serve(page("inside"), { host: "127.0.0.2", port: outside.port });
  let looked = 0;
  const resolve = async () => [{ address: looked++ === 0 ? "127.0.0.1" : "127.0.0.2", family: 4 }];
  const client = nodeHttp(undefined, { ...toHere, resolve });
  const url = `http://flip.test:${outside.port}/`;
  expect(text(await get(client, url))).toBe("outside");
  expect(looked).toBe(1);
  expect(await codeOf(get(client, url))).toBe("http.refused");
  expect([outside.asked, inside.asked]).toEqual([["flip.test/"], []]);
});

test("P17 a redirect is judged as a URL of its own: an inside address, a name that leads there, another scheme", async () => {
  let location = "";
  await using server = await serve((request, response) => redirectTo(location)(request, response));
  const resolve = async (name: string) => [{ address: name === "out.test" ? "127.0.0.1" : "127.0.0.2", family: 4 }];
  await using home = await makeHost({ http: nodeHttp(undefined, { ...toHere, resolve }) });
  const url = `http://out.test:${server.port}/`;
  const ends: unknown[] = [];
  for (const to of ["http://169.254.169.254/meta", "http://inside.test/", "http://2130706434/"]) {
    location = to;
    const { redirect } = await home.own("web.fetch", { url });
    ends.push(redirect, faultOf(await home.act("owner", "web.fetch", { url: redirect })));
  }
  expect(ends).toEqual([
    ...["http://169.254.169.254/meta", "http.refused"],
    ...["http://inside.test/", "http.refused"],
    ...["http://127.0.0.2/", "http.refused"],
  ]);
  for (const to of ["file:///etc/passwd", "http://a:b@out.test/", "gopher://out.test/", "http://"]) {
    location = to;
    expect(faultOf(await home.act("owner", "web.fetch", { url }))).toBe("http.refused");
  }
  expect(new Set(server.asked)).toEqual(new Set(["out.test/"]));
});

test("P17 a host that leads inside by the second hop is refused there, too", async () => {
  await using server = await serve(redirectTo("/again"));
  let looked = 0;
  const resolve = async () => [{ address: looked++ === 0 ? "127.0.0.1" : "127.0.0.2", family: 4 }];
  await using home = await makeHost({ http: nodeHttp(undefined, { ...toHere, resolve }) });
  expect(faultOf(await home.act("owner", "web.fetch", { url: `http://a.test:${server.port}/` }))).toBe("http.refused");
  expect(server.asked).toEqual(["a.test/"]);
});

test("P17 a redirect to another host is handed back, and asked for anew it is judged by its own host", async () => {
  await using there = await serve(page("<title>There</title><body>Here I am"));
  await using here = await serve(redirectTo(`http://there.test:${there.port}/x`, 301));
  await using home = await makeHost({ http: nodeHttp(undefined, toHere) });
  const reader = agent("reader");
  const grant = await home.own("grant.give", {
    principal: reader,
    skill: "web.fetch",
    scope: { hosts: ["here.test"] },
  });
  expect(grant).toBeDefined();
  const fetch = (url: string) => home.act(reader, "web.fetch", { url }, { task: { id: "t", words: `read ${url}` } });
  const first = await fetch(`http://here.test:${here.port}/`);
  const redirect = `http://there.test:${there.port}/x`;
  expect(first).toMatchObject({ status: "done", value: { url: `http://here.test:${here.port}/`, redirect } });
  expect(there.asked).toEqual([]);
  expect(await fetch(redirect)).toMatchObject({ status: "parked", rules: ["table.suggest.fetch.ask"] });
  expect(there.asked).toEqual([]);
  expect(await home.own("web.fetch", { url: redirect })).toMatchObject({ title: "There", text: "Here I am" });
});

test.skipIf(!hasOpenssl && !process.env.CI)(
  "P17 redirects on one host are followed five times and no more, never from https back to http",
  async () => {
    await using server = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) return page("arrived", "text/plain")(request, response);
      redirectTo(`/${left - 1}`, 307)(request, response);
    });
    await using home = await makeHost({ http: nodeHttp(undefined, toHere) });
    const at = (left: number) => ({ url: `http://a.test:${server.port}/${left}` });
    expect(await home.own("web.fetch", at(5))).toMatchObject({ url: at(0).url, text: "arrived" });
    expect(faultOf(await home.act("owner", "web.fetch", at(6)))).toBe("http.failed");
    using certificate = selfSigned("a.test");
    const { cert, key } = certificate;
    await using secure = await serve(redirectTo(at(0).url), undefined, { cert, key });
    await using second = await makeHost({ http: nodeHttp(() => cert, toHere) });
    const fetched = await second.own("web.fetch", { url: `https://a.test:${secure.port}/` });
    expect(fetched).toEqual({ url: `https://a.test:${secure.port}/`, redirect: at(0).url });
  },
);

test("what a small answer inflates to counts: a bomb is refused in every packing", async () => {
  const zeros = Buffer.alloc(50_000_000);
  const bombs = { gzip: gzipSync(zeros), br: brotliCompressSync(zeros), deflate: deflateSync(zeros) };
  await using server = await serve((request, response) => {
    const encoding = request.url?.slice(1) as keyof typeof bombs;
    page(bombs[encoding], "text/plain", { "content-encoding": encoding })(request, response);
  });
  await using home = await makeHost({ http: nodeHttp(undefined, toHere) });
  for (const name of Object.keys(bombs)) {
    const outcome = await home.act("owner", "web.fetch", { url: `http://a.test:${server.port}/${name}` });
    expect(outcome).toMatchObject({ status: "failed", fault: { message: expect.stringContaining("longer than") } });
  }
});

test("an answer that is too long, late, cut off, packed wrongly or twice is a fault and not half an answer", async () => {
  const packed = gzipSync("hello");
  await using server = await serve((request, response) => {
    if (request.url === "/long") return void response.write(Buffer.alloc(1_000_001));
    if (request.url === "/late") return void response.writeHead(200).write("so");
    if (request.url === "/cut")
      return page(packed.subarray(0, 12), "a/b", { "content-encoding": "gzip" })(request, response);
    if (request.url === "/lie") return page("plain", "a/b", { "content-encoding": "br" })(request, response);
    if (request.url === "/twice") return page(packed, "a/b", { "content-encoding": "gzip, gzip" })(request, response);
    request.socket.destroy();
  });
  const client = nodeHttp(undefined, toHere);
  const paths = ["long", "late", "cut", "lie", "twice", "gone"];
  const ends = paths.map((each) => codeOf(get(client, `http://a.test:${server.port}/${each}`, { timeoutMs: 500 })));
  expect(await Promise.all(ends)).toEqual(paths.map(() => "http.failed"));
  const silent = nodeHttp(undefined, { resolve: () => new Promise(() => undefined) });
  await expect(get(silent, "http://a.test/", { timeoutMs: 50 })).rejects.toThrow("no answer within 0.05 s");
});

test("an answer comes out as it was before its packing", async () => {
  const packings = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync, bare: deflateRawSync };
  await using server = await serve((request, response) => {
    const name = request.url?.slice(1) as keyof typeof packings;
    const encoding = name === "bare" ? "deflate" : name;
    page(packings[name]("Grüße"), "text/plain", { "content-encoding": encoding })(request, response);
  });
  const client = nodeHttp(undefined, toHere);
  for (const name of Object.keys(packings)) {
    const answer = await get(client, `http://a.test:${server.port}/${name}`);
    expect([text(answer), answer.headers["content-encoding"]]).toEqual(["Grüße", undefined]);
  }
});

test("P17 servers that the settings name may be inside: what `any` asks for is not judged", async () => {
  await using server = await serve(page("at home"));
  const client = nodeHttp();
  expect(text(await get(client, `http://127.0.0.1:${server.port}/`, { reach: "any" }))).toBe("at home");
  expect(text(await get(client, `http://localhost:${server.port}/`, { reach: "any" }))).toBe("at home");
  expect(await codeOf(get(client, "file:///etc/passwd", { reach: "any" }))).toBe("http.refused");
});

/** A certificate that nobody vouches for but who is given it. */
function selfSigned(name: string): { cert: string; key: string } & Disposable {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-cert-"));
  const [cert, key] = [path.join(folder, "cert.pem"), path.join(folder, "key.pem")];
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert];
  const named = ["-days", "2", "-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  execFileSync("openssl", ["req", "-x509", ...made, ...named], { stdio: "ignore" });
  const read = (file: string) => fs.readFileSync(file, "utf8");
  return {
    ...{ cert: read(cert), key: read(key) },
    [Symbol.dispose]: () => fs.rmSync(folder, { recursive: true }),
  };
}

test.skipIf(!hasOpenssl && !process.env.CI)(
  "the owner's authority is trusted beside the public ones, and the certificate is checked against the name",
  async () => {
    using known = selfSigned("known.test");
    using own = selfSigned("own.test");
    const names: string[] = [];
    const hello = (cert: { cert: string; key: string }) => ({
      ...{ cert: cert.cert, key: cert.key },
      SNICallback(name: string, done: (error: Error | null) => void) {
        names.push(name);
        done(null);
      },
    });
    await using publicly = await serve(page("known"), undefined, hello(known));
    await using atHome = await serve(page("own"), undefined, hello(own));
    const before = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...before, known.cert]);
    try {
      const trusting = nodeHttp(() => own.cert, toHere);
      expect(text(await get(trusting, `https://known.test:${publicly.port}/`))).toBe("known");
      expect(text(await get(trusting, `https://own.test:${atHome.port}/`))).toBe("own");
      expect([publicly.asked, atHome.asked, names]).toEqual([
        ["known.test/"],
        ["own.test/"],
        ["known.test", "own.test"],
      ]);
      expect(await codeOf(get(trusting, `https://other.test:${atHome.port}/`))).toBe("http.failed");
      expect(await codeOf(get(nodeHttp(undefined, toHere), `https://own.test:${atHome.port}/`))).toBe("http.failed");
    } finally {
      tls.setDefaultCACertificates(before);
    }
  },
);

test("a page comes as its title and its text, in the encoding it says; other things are named and refused", async () => {
  const html = `<!doctype html><html><head><title>Tea &amp;
    cake</title><style>p{}</style><script>alert(1)</script></head><body><h1>Hello</h1><p>Grüße\u0000 &lt;you&gt;</body>`;
  const answers: Record<string, Handler> = {
    "/html": page(html),
    "/latin": page(Buffer.from("Grüße", "latin1"), "text/plain; charset=iso-8859-1"),
    "/meta": page(Buffer.from('<meta charset="windows-1252"><p>Grüße', "latin1"), "text/html"),
    "/unsaid": page(Buffer.from("Grüße", "latin1"), "text/plain"),
    "/odd": page("Grüße", "text/plain; charset=klingon"),
    "/json": page('{"a":1}', "application/ld+json"),
    "/xml": page(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>', "latin1"), "application/xml"),
    "/picture": page("x", "image/png"),
    "/untold": (_request, response) => response.end("x"),
    "/error": (_request, response) => response.writeHead(500).end("x"),
  };
  await using server = await serve((request, response) => answers[request.url ?? ""]?.(request, response));
  await using home = await makeHost({ http: nodeHttp(undefined, toHere) });
  const fetch = async (name: string) => {
    const outcome = await home.act("owner", "web.fetch", { url: `http://a.test:${server.port}${name}` });
    if (outcome.status === "failed") return outcome.fault.code;
    if (outcome.status !== "done") throw new Error(outcome.status);
    const { title, text } = outcome.value as { title?: string; text: string };
    return title === undefined ? text : [title, text];
  };
  const found = await Promise.all(Object.keys(answers).map(fetch));
  expect(found).toEqual([
    ["Tea & cake", "Hello\n\nGrüße\uFFFD <you>"],
    ...["Grüße", "Grüße", "Grüße", "Grüße", '{"a":1}', '<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>'],
    ...["http.failed", "http.failed", "http.failed"],
  ]);
});

test("K2 STOP ends a fetch that hangs, and the log says that it was interrupted", async () => {
  let asked: () => void;
  const begun = new Promise<void>((resolve) => {
    asked = resolve;
  });
  await using server = await serve(() => asked());
  await using home = await makeHost({ http: nodeHttp(undefined, toHere) });
  await grantFetch(home);
  const url = `http://a.test:${server.port}/`;
  const fetch = home.act(agent("reader"), "web.fetch", { url }, { task: { id: "t", words: url } });
  await begun;
  await home.own("kernel.stop", {});
  expect((await fetch).status).toBe("interrupted");
});

const grantFetch = (home: TestHost) =>
  home.own("grant.give", { principal: agent("reader"), skill: "web.fetch", scope: { hosts: ["a.test"] } });

const rss = `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY lol "ha"><!ENTITY lots "&lol;&lol;&lol;">]>
<rss version="2.0"><channel><title>News &amp; more</title>
<item><title>First &lt;b&gt;one&lt;/b&gt;</title><link>/first</link><guid isPermaLink="false">a1</guid>
<pubDate>Wed, 08 May 2024 13:56:00 +0200</pubDate><description><![CDATA[<p>Some <b>bold</b> words</p>]]></description></item>
<item><title>Old</title><link>javascript:alert(1)</link><guid>http://a.test/old</guid><pubDate>Mon, 01 Jan 2024 00:00:00 GMT</pubDate></item>
<item><title>Undated &lots;</title></item></channel></rss>`;
const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><entry><id>urn:1</id><title type="html">A &amp;amp; B</title>
<link rel="self" href="/self.xml"/><link href="https://b.test/1"/><updated>2024-05-08T10:00:00+02:00</updated><content>Text &lt;b&gt;</content></entry></feed>`;
const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://x.test/"><title>Site</title><link>http://x.test/</link><description>d</description></channel>
<item rdf:about="http://x.test/1"><title>Item</title><link>http://x.test/1</link><dc:date>2024-05-08</dc:date></item></rdf:RDF>`;
const json = JSON.stringify({
  version: "https://jsonfeed.org/version/1.1",
  title: "JSON",
  items: [{ id: "7", url: "https://j.test/7", content_html: "<i>Hi</i>", date_published: "2024-05-08T00:00:00Z" }],
});

test("every format of feed is read into the same words, and what is older than asked for is left out", async () => {
  const feeds: Record<string, string> = { rss, atom, rdf, json };
  await using server = await serve((request, response) =>
    page(feeds[request.url?.slice(1) ?? ""] ?? "")(request, response),
  );
  await using home = await makeHost({ http: nodeHttp(undefined, toHere) });
  const at = `http://a.test:${server.port}`;
  const read = (name: string, more = {}) => home.own("feed.read", { url: `${at}/${name}`, ...more });
  const first = {
    ...{ id: "a1", title: "First one", url: `${at}/first`, published: "2024-05-08T11:56:00.000Z" },
    summary: "Some bold words",
  };
  const old = { id: "http://a.test/old", title: "Old", published: "2024-01-01T00:00:00.000Z" };
  const undated = { id: "Undated &lots;", title: "Undated &lots;" };
  const news = { url: `${at}/rss`, title: "News & more" };
  expect(await read("rss")).toEqual({ ...news, items: [first, old, undated] });
  expect(await read("rss", { since: "2024-02-01T00:00:00Z" })).toEqual({ ...news, items: [first, undated] });
  const eight = "2024-05-08T08:00:00.000Z";
  expect(await Promise.all(["atom", "rdf", "json"].map((name) => read(name)))).toEqual([
    {
      ...{ url: `${at}/atom`, title: "Blog" },
      items: [{ id: "urn:1", title: "A & B", url: "https://b.test/1", published: eight, summary: "Text <b>" }],
    },
    {
      ...{ url: `${at}/rdf`, title: "Site" },
      items: [{ id: "http://x.test/1", title: "Item", url: "http://x.test/1", published: "2024-05-08T00:00:00.000Z" }],
    },
    {
      ...{ url: `${at}/json`, title: "JSON" },
      items: [{ id: "7", title: "", url: "https://j.test/7", published: "2024-05-08T00:00:00.000Z", summary: "Hi" }],
    },
  ]);
});

test("what is no feed, or far too much of one, is refused or bounded", async () => {
  const item = `<item><title>${"t".repeat(5_000)}</title><description>${"d".repeat(9_000)}</description></item>`;
  const bodies: Record<string, string> = {
    "/html": "<html><body>hello</body></html>",
    "/empty": "",
    "/torn": "<rss><channel>",
    "/deep": `<rss><channel>${"<a>".repeat(50_000)}`,
    "/many": `<rss version="2.0"><channel><title>Many</title>${item.repeat(300)}</channel></rss>`,
  };
  await using server = await serve((request, response) =>
    page(bodies[request.url ?? ""] ?? "", "text/xml")(request, response),
  );
  await using home = await makeHost({ http: nodeHttp(undefined, toHere) });
  const read = (name: string) => home.act("owner", "feed.read", { url: `http://a.test:${server.port}${name}` });
  for (const name of ["/html", "/empty", "/torn", "/deep"])
    expect([name, faultOf(await read(name))]).toEqual([name, "http.failed"]);
  const many = await read("/many");
  if (many.status !== "done") throw new Error(JSON.stringify(many));
  const { items } = many.value as { items: { title: string; summary: string }[] };
  expect([items.length, items[0]?.title.length, items[0]?.summary.length]).toEqual([200, 300, 2_000]);
  const redirecting = nodeHttp(undefined, toHere);
  await using elsewhere = await serve(redirectTo("http://b.test/"));
  await using other = await makeHost({ http: redirecting });
  expect(await other.own("feed.read", { url: `http://a.test:${elsewhere.port}/` })).toEqual({
    ...{ url: `http://a.test:${elsewhere.port}/`, redirect: "http://b.test/" },
    items: [],
  });
});
