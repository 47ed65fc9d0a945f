// The phone: what counts as the owner's words, buttons, and what is sent.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const forged =
  "H25 a forged button, another chat's, a second press, an old one, a forwarded one, one in a group: refused, and logged";
const unit = (file: string, name: string) => ({ file: core(`channels/${file}.test.ts`), name });

const tapped = "H25 what a line cannot say whole, is not undone or is not yours is opened, never approved by a tap";
const granted = "H25 only a push service that a grant names is reached, and a revoked device or grant is silent";
const late = "H25 a tap that was forged, is another device's, late or a second one is refused, and the log has it";

export const channelsSabotages: readonly Sabotage[] = [
  {
    name: "a button counts on any device",
    file: core("channels/buttons.ts"),
    find: "seconds, device: device.id, ...place",
    replace: "seconds",
    test: system("phone", forged),
  },
  {
    name: "a button needs no key",
    file: core("channels/buttons.ts"),
    find: "return isSameSecret(mac, data.slice(-mac.length));",
    replace: "return isSameSecret(mac, mac);",
    test: system("phone", forged),
  },
  {
    name: "a button is not bound to the payload",
    file: core("channels/buttons.ts"),
    find: "{ approval, hash };",
    replace: "{ approval, hash: none };",
    test: unit(
      "buttons",
      "H25 a button holds for just the answer, the payload, the device and the chat that it was made for",
    ),
  },
  {
    name: "a button counts for ever",
    file: core("channels/press.ts"),
    find: "claim.untilS * 1000 <= deps.clock.now()",
    replace: "claim.untilS * 1000 <= 0",
    test: system("phone", forged),
  },
  {
    name: "a button approves what cannot be undone",
    file: core("channels/press.ts"),
    find: 'return "button: only at the page";',
    replace: "deps.isStopped();",
    test: system(
      "phone",
      "H25 what cannot be undone is not approved from the phone, even by a button that was made for it",
    ),
  },
  {
    name: "everybody in the chat speaks as the owner",
    file: core("channels/desk.ts"),
    find: "place.chat === chat && place.sender === sender",
    replace: "place.chat === chat",
    test: system("phone", forged),
  },
  {
    name: "what is forwarded is the owner's word",
    file: host("channels/telegram-update.ts"),
    find: "if (found) return none(found.reason);",
    replace: "if (found && message.text === undefined) return none(found.reason);",
    test: system("messenger", "H25 whatever a message has that says another wrote it makes it nobody's word"),
  },
  {
    name: "a button in a group counts",
    file: host("channels/telegram-update.ts"),
    find: 'if (under?.chat.type !== "private")',
    replace: "if (under === undefined)",
    test: system("phone", forged),
  },
  {
    name: "a text of others becomes links and commands",
    file: host("channels/inert.ts"),
    find: "if (found.length === 0) return [];",
    replace: "if (found.length >= 0) return [];",
    test: system(
      "messenger",
      "a messenger, Telegram: a text arrives whole and as it is, and nothing in it acts: no link, no command, no preview, no formatting",
    ),
  },
  {
    name: "a long text is cut",
    file: core("channels/split.ts"),
    find: "rest = rest.slice(units);",
    replace: "rest = rest.slice(units * 2);",
    test: unit("split", "H25 a text in parts is the whole text, in parts that fit, with no character torn apart"),
  },
  {
    name: "a code may be guessed without end",
    file: core("channels/codes.ts"),
    find: "const triesEach = 5;",
    replace: "const triesEach = 500;",
    test: system("phone", "H25 guessing a code ends after five tries, and a right one is good for ten minutes only"),
  },
  {
    name: "a code is good for a week",
    file: core("channels/codes.ts"),
    find: "const codeMs = 10 * 60_000;",
    replace: "const codeMs = 10_000 * 60_000;",
    test: system("phone", "H25 guessing a code ends after five tries, and a right one is good for ten minutes only"),
  },
  {
    name: "a code pairs more than one",
    file: core("channels/codes.ts"),
    find: 'append(context, waiting.id, { what: "used" });',
    replace: "",
    test: system(
      "phone",
      "H25 a code shown at home pairs one private chat, once, and nothing is asked of the messenger before",
    ),
  },
  {
    name: "a device shows a code for another",
    file: core("policy/shipped.ts"),
    find: ', mh::Skill::"channel.pair"',
    replace: "",
    test: system(
      "phone",
      "H25 only the owner at home shows a code; what is paired has no token, and is shut out at once",
    ),
  },
  {
    name: "anybody shows things on the phone",
    file: core("channels/send.ts"),
    find: "if (principal !== channelPrincipal(channel))",
    replace: 'if (principal === "")',
    test: system(
      "phone-trouble",
      "H25 nobody but the module shows things on the phone: another's words never stand above a button",
    ),
  },
  {
    name: "the words of another row are the owner's",
    file: core("channels/inbox.ts"),
    find: 'const beginning = keptWords(row, "")',
    replace: 'const beginning = keptWords({ ...row, id: "i1", device: "d1" }, "")',
    test: unit("inbox", "H25 a row of the index that names other words, or another's, has none"),
  },
  {
    name: "what is typed while STOP stands is taken in",
    file: core("channels/desk.ts"),
    find: "if (this.#deps.isStopped()) return",
    replace: 'if (text === "") return',
    test: system("phone", "H25 STOP works by word and by button, at once, and the phone hears that it stands"),
  },
  {
    name: "an update that comes twice is another command",
    file: core("channels/came.ts"),
    find: '["channel", channel, bot, update.id, what]',
    replace: '["channel", channel, bot, update.id, what, Math.random()]',
    test: system("phone-trouble", "H25 an update that comes twice, late or out of order is taken once"),
  },
  {
    name: "what is shown while it is written may turn a line around",
    file: core("channels/show-run.ts"),
    find: "const trimmed = visible(text.trim(), { multiline: true });",
    replace: "const trimmed = text.trim();",
    test: unit(
      "show-run",
      "H25 what is shown while it is written plays no tricks either: where its end never arrives, it stays",
    ),
  },
  {
    name: "a notification is approved by a tap though it does not say all of it",
    file: core("channels/answers.ts"),
    find: "mayApprove: why === undefined && isWhole",
    replace: "mayApprove: why === undefined",
    test: system("push-approvals", tapped),
  },
  {
    name: "a notification says what is asked on every locked screen",
    file: core("channels/answers.ts"),
    find: "if (device.push_words !== 1)",
    replace: "if (device.push_words === null)",
    test: system(
      "push-approvals",
      "H25 unless its owner says otherwise a notification says only that something is asked",
    ),
  },
  {
    name: "a browser is shown things without a grant that names its push service",
    file: core("channels/answers.ts"),
    find: "return grants.some(({ scope }) =>",
    replace: "return grants.length === 0 || grants.some(({ scope }) =>",
    test: system("push-approvals", granted),
  },
  {
    name: "the module of browsers reaches any host that it names",
    file: core("channels/send.ts"),
    find: "if (paired.host !== host)",
    replace: "if (paired.host !== host && host === undefined)",
    test: system("push-approvals", granted),
  },
  {
    name: "a tap counts on every device",
    file: core("channels/paired.ts"),
    find: '"webPush").find(({ device: { id } }) => id === device)',
    replace: '"webPush")[0]',
    test: system("push-approvals", late),
  },
];
