import {
  Client,
  type ClientOptions,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client";

export const revisions = ["2026-07-28", "2025-11-25"] as const;
export type Revision = (typeof revisions)[number];

export interface ClientFacts {
  revision: Revision;
  /** The client can show its user a page, and says then what they did: `accept`, `decline`, `cancel`. */
  onPage?: (page: string) => string | Promise<string>;
  /** What it says of itself, which counts for nothing. */
  name?: string;
}

/** The official client, of one revision and no other. */
export async function connectMcp(
  transport: Transport,
  { revision, onPage, name = "test" }: ClientFacts,
): Promise<Client> {
  const options: ClientOptions = {
    capabilities: onPage ? { elicitation: { url: {} } } : {},
    versionNegotiation: { mode: revision === "2025-11-25" ? "legacy" : { pin: revision } },
  };
  const client = new Client({ name, version: "1.0.0" }, options);
  if (onPage)
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      const page = "url" in params ? String(params.url) : "";
      return { action: (await onPage(page)) as "accept" };
    });
  await client.connect(transport);
  return client;
}

export const httpTransport = (url: string, token: string): StreamableHTTPClientTransport =>
  new StreamableHTTPClientTransport(new URL("/mcp", url), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });

/** What a tool gave back: its answer, or the text of its refusal. */
export async function callOf(client: Client, name: string, args: Record<string, unknown> = {}) {
  const { structuredContent, content, isError } = await client.callTool({ name, arguments: args });
  const text = (content as { text?: string }[]).map((each) => each.text ?? "").join("\n");
  return isError ? { refused: text } : { value: structuredContent as Record<string, unknown> };
}
