// Talking with a model: who speaks, what is shown while it is written, and how a turn ends.
import { contract, core, host, type Sabotage, system } from "./sabotage.ts";

export const chatSabotages: readonly Sabotage[] = [
  {
    name: "any principal speaks in a chat as its owner",
    file: core("kernel/owners-only.ts"),
    find: "if (isOwner(principal)) return;",
    replace: "return;",
    test: system(
      "chat",
      "P1 nobody but the owner speaks in a chat: what others file under its session is no part of it",
    ),
  },
  {
    name: "what others file under a chat's session is said in it",
    file: core("chat/messages.ts"),
    find: 'return origins.includes(chatPrincipal) ? "chat" : undefined;',
    replace: 'return origins.includes(chatPrincipal) ? "chat" : "owner";',
    test: system(
      "chat",
      "P1 nobody but the owner speaks in a chat: what others file under its session is no part of it",
    ),
  },
  {
    name: "a turn that is gone on with does again what it did",
    file: core("chat/call-id.ts"),
    find: 'idOfHash(crypto, ["chat", this.#message,',
    replace: 'idOfHash(crypto, ["chat", crypto.id(), this.#message,',
    test: system("chat", "H24 what a turn did before it was cut off is not done again when it is gone on with"),
  },
  {
    name: "a watcher of other runs reads what is written",
    file: core("kernel/run.ts"),
    find: "...withoutText(progress) });",
    replace: "...progress });",
    test: system(
      "chat",
      "H24 the text comes while it is written, to those who began the turn and to no watcher of other runs",
    ),
  },
  {
    name: "STOP does not end an answer",
    file: core("chat/answer.ts"),
    find: 'stopped.abort("STOP came while it ran")',
    replace: "undefined",
    test: system("chat", "H24 Ctrl-C and STOP end an answer that is being written, and the chat goes on where it was"),
  },
  {
    name: "who delegates to an agent pays nothing of what that one spends",
    file: core("kernel/rates.ts"),
    find: "for (const [n, payer] of along.entries())\n      reserve",
    replace: "for (const [n, payer] of along.slice(0, 1).entries())\n      reserve",
    test: system(
      "delegation",
      "K9 what is spent by delegation counts for the one that delegated and, once, for all together",
    ),
  },
  {
    name: "what an agent does for another is paid twice by all together",
    file: core("kernel/rates.ts"),
    find: `"caused = 0 AND principal <> 'owner'`,
    replace: `"principal <> 'owner'`,
    test: system(
      "delegation",
      "K9 what is spent by delegation counts for the one that delegated and, once, for all together",
    ),
  },
  {
    name: "commands by delegation are nobody else's",
    file: core("kernel/rates.ts"),
    find: "for (const [n, payer] of along.entries()) count",
    replace: "for (const [n, payer] of along.slice(0, 1).entries()) count",
    test: system("delegation", "H11 commands by delegation count in the rate of the one that delegated"),
  },
  {
    name: "agents ask one another in a circle",
    file: core("agents/delegate.ts"),
    find: "if (waiting.includes(agent))",
    replace: "if (waiting.length > 9)",
    test: system(
      "delegation",
      "agents that ask one another come to an end: nobody waits for who waits for them, and the depth is bounded",
    ),
  },
  {
    name: "an agent that waits for another keeps its room",
    file: host("agents/runtime.ts"),
    find: `if (running.held !== "owner") hold(running, "waiting");`,
    replace: "",
    test: system(
      "delegation",
      "who waits for another needs no room: three that delegate at once to three others all come to their end",
    ),
  },
  {
    name: "what an agent is given to work on is its owner's word",
    file: host("agents/run-gate.ts"),
    find: "if (job.given) give(",
    replace: "if (job.attempt > 9) give(",
    test: system(
      "delegation",
      "P1 what goes by delegation stays others' text: an address in an answer, or in an input, controls nothing and leaves with nothing",
    ),
  },
  {
    name: "a second try does again what was delegated",
    file: core("agents/agents-table.ts"),
    find: `tries.filter(({ status }) => status === "done").length`,
    replace: "tries.length",
    test: system(
      "delegation",
      "K13 a second try of a run goes on with what its first one delegated: what that did is not done again",
    ),
  },
  {
    name: "each call that would ask is a request of its own",
    file: core("chat/calls.ts"),
    find: "if (!isPlan && !isKnown && this.#wouldAsk(id, skill, args)) {",
    replace: "if (skill.length === 0) {",
    test: system(
      "chat-approvals",
      "K16 calls that would ask are one plan, in however many answers of a turn they come; its five steps run, and a sixth asks",
    ),
  },
  {
    name: "a turn begun again after a crash keeps the owner's words twice",
    file: core("chat/say.ts"),
    find: 'args.isAnswer ? crypto.id() : idOfHash(crypto, ["chat.keep", commandId])',
    replace: "crypto.id()",
    test: system(
      "chat",
      "H24 a turn begun again by its id after a crash keeps the owner's words once, and answers once",
    ),
  },
  {
    name: "what an attempt did before it was cut off is not shown to the next",
    file: core("chat/news.ts"),
    find: "row.turn !== turn && isNews(reader, row)",
    replace: "row.turn !== turn && approvalOf(reader, row.id) !== undefined && isNews(reader, row)",
    test: system(
      "chat-approvals",
      "H24 what an attempt did before it was cut off is shown to the next one, which may call for it in other words",
    ),
  },
  {
    name: "Ctrl-C ends what was typed since as well",
    file: "packages/cli/src/chat/talk.ts",
    find: 'first?.abort("You ended it");',
    replace: 'for (const stop of [first, ...this.#underWay]) stop?.abort("You ended it");',
    test: system(
      "chat-talk",
      "H24 on a terminal Ctrl-C ends only the answer that is written; what was typed since is answered, and then it ends the talk",
    ),
  },
  {
    name: "a model elsewhere is asked as the owner who talks",
    file: core("chat/ask-model.ts"),
    find: "if (!model || !isElsewhere(model)) return act(",
    replace: "if (model !== null) return act(",
    test: system(
      "model-sockets",
      "S2 what a chat has read reaches no socket elsewhere without a grant for that host, also where the model here is gone",
    ),
  },
  {
    name: "half an answer is begun anew elsewhere",
    file: core("chat/ask-model.ts"),
    find: "if (hasWritten || !hasNoAnswer(outcome)) break;",
    replace: "if (!hasNoAnswer(outcome)) break;",
    test: system("chat-elsewhere", "what broke off after its first word is not begun anew elsewhere"),
  },
  {
    name: "the planner asks models by itself",
    file: core("chat/rights.ts"),
    find: '  "llm",\n',
    replace: "",
    test: system("chat-elsewhere", "P1 the planner itself asks no model: that is no tool of its"),
  },
  {
    name: "what others wrote is the chat's own in a fork",
    file: core("chat/answer.ts"),
    find: "  takeUpAnswers(deps.delegations, task, messages);\n",
    replace: "",
    test: system(
      "chat-provenance",
      "P1 in a fork of it what others wrote stays theirs, and does not leave in what the chat sends",
    ),
  },
  {
    name: "what the log tells a turn is the chat's own in another process",
    file: core("chat/answer.ts"),
    find: "        takeUpNews(deps.delegations, task, news);\n",
    replace: "",
    test: system(
      "chat-provenance",
      "P1 what the log tells a turn of one that was cut off stays others', in another process too",
    ),
  },
  {
    name: "what was only asked in a chat answers mh ask",
    file: core("memory/ask/ask.ts"),
    find: "!isAskedInChat(record, text)",
    replace: "!isAskedInChat(record, text) || text.length > 0",
    test: system("chat-memory", "H24 what was only asked in a chat answers nothing; what was stated there does"),
  },
  {
    name: "a chat that is forgotten keeps its name",
    file: core("chat/forget-chat.ts"),
    find: "if (title !== null && others === undefined) tx.eraseObject(title);",
    replace: "",
    test: system(
      "chat-memory",
      "H5 a chat is forgotten whole: its words, its name and what its commands kept are gone, and forks keep what is their own",
    ),
  },
  {
    name: "requests of who works for another are nobody else's",
    file: core("kernel/state.ts"),
    find: "entry.request?.slice(1) ?? []) others",
    replace: "entry.request?.slice(9) ?? []) others",
    test: system(
      "delegation",
      "P12 requests of agents that work for another count for that one: it floods nobody through them",
    ),
  },
  {
    name: "of a chat more is read than is shown",
    file: core("chat/pages.ts"),
    find: "if (latestFirst.length < limit) continue;",
    replace: "if (latestFirst.length < 1_000) continue;",
    test: system("chat-pages", "H22 of a long chat no more messages are read than one page has"),
  },
  {
    name: "a fork whose last message of the other chat was forgotten has all of that chat",
    file: core("chat/pages.ts"),
    find: "{ ...whole, below: through }",
    replace: "whole",
    test: system(
      "chat-pages",
      "H24 pages of a fork of a fork join without a gap or a double, also where it was forked at is forgotten",
    ),
  },
  {
    name: "a call of no tool that there is leaves nothing to see",
    file: core("chat/turn.ts"),
    find: "trace.refused(ids.next(name, args).id, name, args, why);",
    replace: "void ids;",
    test: system(
      "chat-pages",
      "H24 a call of no tool that there is, or with arguments that cannot be read, is shown with why nothing was called",
    ),
  },
  {
    name: "every currency has cents",
    file: contract("values/money.ts"),
    find: "maximumFractionDigits ?? 2;",
    replace: "minimumIntegerDigits + 1;",
    test: system(
      "chat-pages",
      "K9 money is written as its currency counts it: with cents, without any, and with more of them",
    ),
  },
];
