export const text = `Identity

Who you are to your agents lies in persona/, a Markdown file for each part.
Agents read of it what you let them read.

  mh persona interview                     ten questions to begin with
  mh persona show
  mh persona set values "Calm before speed"
  mh persona edit values --reason "after a long week"
  mh persona history                       every version: who, when, why
  mh persona query "Sarah asks for a call on Friday evening"
  mh persona routines                      and mh persona rules: as read
  mh persona import USER.md SOUL.md        from other tools; shows it first

A point of a list may say more in braces: {short, due 2026-05-31} of a goal,
{when weekdays morning, energy high} of a routine, {weight 2, with Sarah} or
{hard} of a decision rule. A slip is named by its line, and the last good
version stays in force.

Goals are a tree; what is done of them is counted from tasks that name them:

  mh goal add "Run a marathon" --horizon long
  mh task add "Buy shoes" --goal run-a-marathon
  mh people                                whom you know, and the last contact`;
