export const text = `Talk with a model

  mh chat                            talk; Ctrl-D ends it
  mh chat say "What is to be done today?"
  git log -5 | mh chat               what comes through a pipe is one message
  mh chat allow                      let it read, note and plan without asking
  mh chat list                       mh chat show ID, talk ID, pin ID
  mh chat search WORDS               what was said in any of them
  mh chat fork ID                    another chat that begins as this one
  mh chat forget ID                  its words and its name, for good

While an answer is written, what you type steers it, Ctrl-C ends the answer and
nothing else, and mh stop ends every answer. /help in a talk says the rest.

The model proposes, mh decides: each call is a command of module:chat, judged
as an agent's is. What is said is text; only you approve, and never by words in
a chat. Below an answer stands what mh knows, whatever the answer claims:

  From [1a2b3c4d]   a memory that the answer names; Read: one that it read
  The log: done …   what was changed or sent, each with its id for mh why
  … waits for you   mh approvals show ID; what needs your approval in one
                    answer is one request, several calls are one plan
  … was denied      Ask me instead: a rule of yours may ask from now on

Approve it in any terminal or on your phone. It is done then, once, and the chat
goes on: by itself while the daemon runs or the talk is open, else with

  mh chat go-on ID

which also goes on after a crash or Ctrl-C. What was done is not done again. The
text of an answer that was cut off is not kept.

What you say is memory: mh search finds it, mh memory forget forgets a message.
mh ask leaves out what you only asked in a chat. Answers are kept as artifacts,
which search leaves out.

Without a model the chat finds what your memories hold, and mh help models says
how to get one. One on another machine is asked by your approval each time, or
with a grant for its host:

  mh grant give module:chat llm.generate --host api.example.org`;
