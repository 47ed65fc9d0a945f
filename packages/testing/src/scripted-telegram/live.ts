/** A stretch of a text with a meaning, in UTF-16 units. */
export interface Entity {
  type: string;
  offset: number;
  length: number;
}

/** Roughly what Telegram's clients make a link of in plain text: addresses, bare domains, mail, names, tags and commands. */
const acting =
  /(?:https?|tg):\/\/\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:\/\S*)?|(?<![\w/])@\w{3,}|(?<![\w&])#[\p{L}\p{N}_]+|(?<![\w/<>])\/[a-z]\w*/giu;

/** What a tap on a text would do something for, because no entity of the sender's says that it is code. */
export function liveParts(text: string, entities: readonly Entity[]): string[] {
  const dead = entities.filter(({ type }) => type === "code" || type === "pre");
  const isDead = (at: number) => dead.some(({ offset, length }) => at >= offset && at < offset + length);
  const found = [...text.matchAll(acting)].filter(
    ({ index, 0: part }) => ![...part].every((_char, n) => isDead(index + n)),
  );
  return [
    ...found.map(([part]) => part),
    ...entities.filter(({ type }) => type !== "code" && type !== "pre").map(({ type }) => type),
  ];
}
