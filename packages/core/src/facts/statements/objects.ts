import type { ObjectKind } from "./predicates.ts";

const objectCharsMax = 80;

/** Where an object ends: another clause, a time, company. */
const ending =
  /\s(?:because|since|but|where|which|who|that|while|though|although|until|so|when|as|als|for|with|near|these|nowadays|now|every|again|too|at|on|by|from|during|after|before|then|than|currently|anymore|right|and (?:I|he|she|it|we|they|my|his|her|the|our|now|then|work|works|live|lives|love|loves|have|has|am|is)|or (?:I|he|she|we|they)|weil|da|aber|wo|der|die|das|dass|seit|mit|jetzt|nun|zurzeit|momentan|bis|wenn|obwohl|im|am|bei|für|auch|sehr|nicht|nicht mehr|und (?:ich|er|sie|es|wir|mein|meine|sein|seine|ihr|ihre|habe|bin|ist|wohne|wohnt|arbeite|arbeitet|mag|hat))(?![\p{L}\p{N}]).*$/iu;
const article = /^(?:the|an?|my|our|einem?|einer|eine[nr]?|der|dem|den|die|das)\s+/i;
/** What stands for something else, or for nothing. */
const pointing =
  /^(?:it|this|that|these|those|you|him|her|them|me|us|myself|himself|herself|nothing|nobody|everything|everyone|anything|something|someone|to|how|what|when|here|there|home|dich|ihn|sie|es|ihm|uns|euch|nichts|niemand(?:en)?|kein\p{L}*|no|not|nicht|alles|etwas|hier|dort|das|dies\p{L}*)(?![\p{L}\p{N}])/iu;
const noPlace =
  /^(?:the |a )?(?:moment|time|weekends?|night|nights|noon|home|office|end|hause|miete|angst|frieden|ruhe|moment|urlaub)$/i;
const wordsMax = { name: 5, named: 6, noun: 4, words: 4, nouns: 3, names: 3, day: 4 } as const;

/** The objects that stand at the beginning of some words, word for word; none where they are none of that kind. */
export function objectsOf(rest: string, kind: ObjectKind): string[] {
  const clause = rest.split(kind === "nouns" || kind === "names" ? /[;:()–—]| - / : /[,;:()–—]| - /)[0] ?? "";
  const told = clause.replace(/^\s*(?:on|am|den)\s+(?=\d)/i, "").trim();
  if (kind !== "nouns" && kind !== "names") return one(told, kind);
  const items = told.split(/\s{0,8},\s{0,8}(?:and |und |or |oder )?|\s{1,8}(?:and|und|or|oder)\s{1,8}/);
  const found: string[] = [];
  for (const item of items) {
    const [object] = one(item, kind);
    // What comes after something else is no longer of the list.
    if (object === undefined) break;
    found.push(object);
    if (object !== item.trim()) break;
  }
  return found;
}

function one(told: string, kind: ObjectKind): string[] {
  const whole = told.replace(ending, "").trim();
  const object = kind === "noun" || kind === "nouns" ? whole.replace(article, "") : whole;
  const words = object.split(/\s+/);
  if (object.length < 2 || object.length > objectCharsMax || words.length > wordsMax[kind]) return [];
  if (pointing.test(object) || noPlace.test(object) || !isOfKind(object, kind)) return [];
  return [object];
}

function isOfKind(object: string, kind: ObjectKind): boolean {
  switch (kind) {
    case "name":
    case "names":
      return /^(?:the |der |den |die |dem )?\p{Lu}/u.test(object);
    case "named":
      return /^(?:\p{Lu}|the |an? )/u.test(object);
    case "words":
      return !article.test(`${object} `) && /^\p{L}/u.test(object);
    case "day":
      return /\d/.test(object);
    default:
      return /^\p{L}/u.test(object);
  }
}
