export const text = `MCP servers that you use

Tools of an MCP server are allowed each by what it says of itself:

  mh mcp add notes --read ~/notes --read ~/srv -- node ~/srv/server.js
  mh mcp add wiki --url https://wiki.example/mcp
  mh mcp allow notes           sends, at high risk, unless you say otherwise:
  mh mcp allow notes --tool find --effect read --risk low --control query

A program sees only what --read and --write name, and reaches only what
--network names: npx, which fetches, starts nothing here. Install the server,
name its folder by --read, and its file. {{secret:NAME}} stands for a secret.

  mh mcp import                what Claude, Cursor, VS Code and others name
  mh mcp find weather          in the registry (mcpRegistry in settings)
  mh mcp add sky --registry io.github.somebody/weather
  mh mcp login wiki            signs in by OAuth in your browser; see logout

Keys in what is imported become secrets. What the registry says is pinned: a
change of it asks you again. Tokens of a sign-in go to that server alone.

A server may ask you something in the middle of a call. That is an approval
request like others, in its words; the call goes on with your answer:

  mh approvals approve 0199c1a2 --set color=red
  mh approvals deny 0199c1a2   tells it no

It never gets a model of yours, nor your folders.`;
