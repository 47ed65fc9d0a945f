export const text = `Programs whose models use mh, over MCP

A program of yours (an assistant, an editor) can search your memory, ask, list
tasks, propose memories and ask to add tasks. It is a principal of its own,
client:NAME, and has what you granted it: no more, and nothing once you revoke.

  mh mcp client add claude           shows what it may, asks, and prints what to
                                     write into the program's configuration
  mh mcp client add editor --read-only
  mh mcp client list                 mh mcp client revoke claude

Two ways lead in, with the same rights:

  mh mcp serve claude                the program starts this and speaks with it;
                                     with the daemon or without it
  http://127.0.0.1:7717/mcp          while the daemon runs, with the token that
                                     was shown once. No web page gets in by it

VS Code calls the outermost field of the first "servers".

Its tools are the skills that it may use or ask for: memory.search is
memory_search. What it would remember waits in your review list and is no memory
before you accept it (mh proposal). Give it more, or let it capture by itself:

  mh grant give client:claude memory.capture
  mh grant give client:claude calendar.list
  mh trust client:claude                     how far it is trusted, and more

What it may only ask for waits for you each time. Approving is for that one
call; nothing is granted by it. Programs that can show you a page lead you to
the request; the page needs you, not the link:

  mh approvals list
  mh approvals open 0199c1a2                 in your browser, by the daemon
  mh approvals approve 0199c1a2

The program calls again with the same arguments and hears how it ended: until
the request expires that is the same command, and nothing is done twice. What
you denied stays denied for as long.

  mh history --agent client:claude           what it did; mh undo --agent takes
                                             it back
  mh stop                                    stops it with everybody else

It speaks revision 2026-07-28 of the protocol, and 2025-11-25 with programs that
know no newer one. Servers whose tools mh uses are the other way round: mh help
mcp-servers.`;
