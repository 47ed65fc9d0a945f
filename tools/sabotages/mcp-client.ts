// MCP servers that mh uses: what they ask the owner, signing in to them, and what a registry says of them.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const asked = "P7 what a server asks waits for the owner, is answered by nobody else, and goes on as the same command";
const answeredOnce =
  "only the browser that was sent is the answer: a wrong state, a stolen code, a second answer are none";
const elsewhere =
  "an authorization server that leads to places which were not approved, or does not protect the way back, is refused";
const mixUp = "P19 mix-up: an answer of another authorization server is refused before its code is looked at";
const noOtherAddress =
  "P19 a token goes to no other address: neither where the settings lead now, nor where the server sends";
const pinned =
  "P10 a server of the registry is pinned by all that this says of it: a change, also of what is not read, asks again";

export const mcpClientSabotages: readonly Sabotage[] = [
  {
    name: "an answer to a server is not checked against what it asked",
    file: core("approvals/answer-question.ts"),
    find: "if (read.success) return read.data as Value;",
    replace: "return value;",
    test: system("mcp-questions", asked),
  },
  {
    name: "a denial of what a server asks is an acceptance",
    file: core("extensions/mcp-question.ts"),
    find: "if (!isAccepted) return",
    replace: "if (part.key === isAccepted.toString()) return",
    test: system(
      "mcp-questions",
      "a denial of what a server asks is told to it, also after a restart, and pays nothing",
    ),
  },
  {
    name: "questions of servers are not counted",
    file: core("kernel/ask-question.ts"),
    find: "if (isOwner(principal) || questionsLeft(",
    replace: "if (principal !== '' || questionsLeft(",
    test: system(
      "mcp-questions",
      "P12 a question counts as the approval requests of its principal do, and the owner is asked no more than that",
    ),
  },
  {
    name: "a server is given a model and folders",
    file: core("extensions/mcp-question.ts"),
    find: 'if (method !== "elicitation/create") throw',
    replace: 'if (method === "elicitation/created") throw',
    test: {
      file: core("extensions/mcp-question.test.ts"),
      name: "a server that asks for a model or for folders is refused, whatever else it asks beside",
    },
  },
  {
    name: "any state is the answer of the browser",
    file: host("extensions/loopback-redirect.ts"),
    find: '!isSame(url.searchParams.get("state") ?? "", state)',
    replace: '!url.searchParams.has("state")',
    test: system("mcp-login", answeredOnce),
  },
  {
    name: "the issuer of an answer is not looked at",
    file: host("extensions/mcp-login.ts"),
    find: "...{ iss, expectedIssuer: metadata.issuer },",
    replace: "...{ iss, expectedIssuer: iss },",
    test: system("mcp-login", mixUp),
  },
  {
    name: "signing in reaches addresses that were not approved",
    file: host("extensions/mcp-login.ts"),
    find: "if (stray !== undefined) throw new Error(",
    replace: "if (stray === issuer) throw new Error(",
    test: system("mcp-login", elsewhere),
  },
  {
    name: "an authorization server without PKCE is signed in to",
    file: host("extensions/mcp-login.ts"),
    find: 'if (!metadata.code_challenge_methods_supported?.includes("S256"))',
    replace: 'if (metadata.code_challenge_methods_supported?.includes("none"))',
    test: system("mcp-login", elsewhere),
  },
  {
    name: "a server elsewhere leads into this network",
    file: host("extensions/oauth-fetch.ts"),
    find: 'reach: isOwn ? "any" : "public",',
    replace: 'reach: isOwn ? "any" : "any",',
    test: system("mcp-login", "a server elsewhere may not name an authorization server in this network"),
  },
  {
    name: "tokens follow a server to another address",
    file: host("extensions/mcp-tokens.ts"),
    find: "if (signIn.url !== url) throw moved(server);",
    replace: "",
    test: system("mcp-login", noOtherAddress),
  },
  {
    name: "a setting of another server is given a token by its name",
    file: host("extensions/mcp-pool.ts"),
    find: "isOwnSecret(each) || isLoginSecret(each)",
    replace: "isOwnSecret(each)",
    test: system("mcp-login", noOtherAddress),
  },
  {
    name: "two renewals at once spend a token twice",
    file: host("extensions/mcp-tokens.ts"),
    find: "this.#renewing.get(server) ?? this.#renew(",
    replace: "this.#renew(",
    test: system(
      "mcp-login",
      "P19 signing in gives a token for that server alone, kept as a secret, renewed, taken back and forgotten",
    ),
  },
  {
    name: "what the registry says is not compared with what was added",
    file: core("extensions/registry/registry.ts"),
    find: "if (hash === pin.hash) return;",
    replace: "if (hash.length === pin.hash.length) return;",
    test: system("mcp-registry", pinned),
  },
  {
    name: "only what is read of a registry's answer is hashed",
    file: core("extensions/registry/registry.ts"),
    find: "canonical(item.data.server)",
    replace: "canonical({ name: server.name, remotes: server.remotes, description: server.description })",
    test: system("mcp-registry", pinned),
  },
  {
    name: "a registry answers of another server",
    file: core("extensions/registry/registry.ts"),
    find: "if (server.name !== name ||",
    replace: "if (server.name === '' ||",
    test: system(
      "mcp-registry",
      "P8 an answer of another server, or of another version, is not taken for the one that was asked for",
    ),
  },
  {
    name: "a key in a variable is imported into the settings",
    file: core("extensions/clients/placed-secrets.ts"),
    find: "if (!isSecret(key, value)) return value;",
    replace: "if (key !== '') return value;",
    test: {
      file: core("extensions/clients/read-client-config.test.ts"),
      name: "values that let anybody in go where secrets lie, and the settings have only their names",
    },
  },
  {
    name: "a file of another program names a secret of the owner's",
    file: core("extensions/clients/read-entry.ts"),
    find: "stray !== undefined",
    replace: 'stray === ""',
    test: {
      file: core("extensions/clients/read-client-config.test.ts"),
      name: "P19 a file names no secret that is kept here: not as it stands, not put together, and none of mh's own",
    },
  },
  {
    name: "an entry of a registry names a secret of the owner's",
    file: core("extensions/registry/server-json.ts"),
    find: " ?? whyNotFilled(headers);",
    replace: " ?? (headers.length > 50 ? whyNotFilled(headers) : null);",
    test: system(
      "mcp-registry",
      "P19 an entry names no secret that is kept here: what it would have sent there is its maker's to ask for",
    ),
  },
];
