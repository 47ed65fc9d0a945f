export const text = `Skills of others

A skill of others is a folder with a SKILL.md. mh shows what it asks for, and
runs none of it while it is added; afterwards one changed byte stops it.

  mh skill add ./words         also a git address, or npm:NAME
  mh skill update words        what changed, and what it wants beyond before
  mh skill back words          the version of before
  mh act words.count '{"text":"one two"}'
  mh grant give agent:writer words.count      an agent may use it

Without the key mh, a SKILL.md is instructions: chat and agents see its name and
description, read the rest by need (skill.browse, skill.read), and it counts as
others' text; mh skill allow NAME --mine says that you wrote it. allowed-tools
is a wish and gives nothing. With the key, scripts run.
This is words/SKILL.md, and every key of it must be there:

  ---
  name: words
  description: Counts the words of a text.
  mh:
    abi: 1
    version: 1.0.0
    requires: {}               # or { letters: { version: 1.0.0 } }
    permissions: { skills: [], hosts: [], secrets: {} }
    limits: { seconds: 10, memoryMiB: 128, outputKiB: 16 }
    scripts:
      count:
        title: Count the words of a text
        file: scripts/count.js
        input: { type: object, properties: { text: { type: string } } }
        output: { type: object, properties: { words: { type: integer } } }
        effect: read           # notify, fetch, write, local, send, ...
        risk: low
        control: []            # arguments that control what it does
        types: { text: text }  # name, email, iban, url, path, amount, date, id
        undo: null
        retry: safe            # never, where twice does harm
  ---

and this is words/scripts/count.js (JavaScript or TypeScript, no packages):

  export const run = async ({ text = "" }, host) =>
    ({ words: text.split(/\\s+/).filter(Boolean).length });

An update is tried before it counts: each script is loaded, and run where it
says trial: { input: { text: one two }, output: { words: 2 } } (output may be
left out). A trial reaches nothing; if it fails, the former version stays.

It has no disk, no network and no memory. host.need("web.fetch", { url }) asks
the gate, where permissions name skills: [web.fetch] and hosts: [a.example].
With secrets: { key: a.example }, host.secret("key") in a header stands for your
secret words.key; the script never sees it. What host.log("…") said last is told
where a script fails.

Tools of MCP servers are allowed like that: mh help mcp-servers`;
