export const text = `Agents and trust

An agent may use a skill only if you granted it, or its file names it: then the
first use asks, and your approval is the grant. What it may do alone after that
depends on how far you trust it.

  mh grant give agent:helper memory.capture
  mh agent allow organizer                 all that its file asks for
  mh grant list                            mh grant revoke a1b2c3d4
  mh trust                                 who stands where
  mh trust agent:helper supervised_auto

  level             writes your data      local, send       spend, destroy
  observe           no                    no                no
  suggest           low risk, else asks   asks              asks
  supervised_auto   up to medium risk     asks              asks
  bounded_auto      up to medium risk     low, in scope     asks
  adaptive_auto     up to medium risk     medium, in scope  asks

Above observe they may tell you things and fetch from hosts in scope; other
hosts ask. New agents start at suggest. Scope is what you gave with the grant:
--path, --host, --recipient. No deny becomes an approval request, however far
you trust somebody; at high risk, what would be allowed needs your approval.

Only you raise trust. \`mh trust\` shows what each has earned: a score from what
you approved, refused and took back since its level was set, and the next level
once the score bears it (.80, .90, .95), on seven days or more, with no
violation in ninety. Who reaches for what is yours alone (rules, grants, the
log, the home's own files) is back at where it began, at once.

What comes from outside (mail, web pages, files, other agents) keeps its
origin. Where such a value would choose a recipient, an amount or a path, you
are asked and shown the value with its source. Your approval holds for that
value and that task. For an agent in brain/agents, its file and its section of
config.yaml count as your words (mh help agents).

Where an agent has much to do, approve its plan once: its steps run in that
task, filled from what it says may be read, and anything else asks, as a change
to it. An agent proposes one with plan.propose, or you give one (docs/plans.md):

  mh grant give agent:mail mail.read --for 2h
  mh grant plan --file plan.yaml --task TASK --dry-run
  mh grant show a1b2c3d4                   what it holds and what is left of it

  mh act memory.capture '{"text":"hi"}' --as agent:helper
  mh policy check memory.forget '{"id":"x"}' --as agent:helper
  mh why a1b2c3d4                          the whole reasoning, afterwards
  mh stop                                  everyone but you is denied, at once
  mh resume`;
