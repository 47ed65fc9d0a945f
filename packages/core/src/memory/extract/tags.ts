import { ofAllScripts } from "./scripts.ts";
import type { Token } from "./tokens.ts";

const tagsMax = 32;

/** The text's own #hashtags, then what its words say it is about, by a small table. Lower case, each once. */
export function tagsOf(text: string, tokens: readonly Token[]): string[] {
  const told = tokens.flatMap(({ lower }) => topics.get(lower) ?? topics.get(lower.replace(/s$/, "")) ?? []);
  return [...new Set([...hashtagsOf(text), ...told])].slice(0, tagsMax);
}

/** `#tags`, lower case, without headings, colours and the fragments of addresses. */
export function hashtagsOf(text: string): string[] {
  return [...text.matchAll(hashtag(text))].flatMap(([, tag = ""]) => (colour.test(tag) ? [] : [tag.toLowerCase()]));
}

const hashtag = ofAllScripts(/(?<![\p{L}\p{N}_&/#])#(\p{L}[\p{L}\p{M}\p{N}_/-]{0,63})/gu);
const colour = /^(?=.*\d)(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** Only words that mean the topic nearly always; a plural in -s comes along. */
const lexicon: Record<string, string> = {
  meeting: "meeting met meetup appointment standup workshop conference webinar 1:1",
  work: "project deadline office boss manager colleague coworker client customer sprint roadmap salary promotion intern internship job career work presentation stakeholder",
  health:
    "doctor dentist hospital clinic medication medicine therapy therapist symptom headache fever flu allergy surgery vaccine diagnosis health prescription injury",
  fitness: "gym workout yoga marathon jogging pilates swimming hiking cycling exercise",
  travel: "flight airport hotel passport visa itinerary luggage travel trip vacation holiday airbnb roadtrip",
  money: "invoice rent mortgage loan budget payment salary refund tax taxes bank insurance savings debt",
  family:
    "mom mum dad mother father brother sister son daughter wife husband grandma grandpa aunt uncle cousin niece nephew kid kids children family parents baby",
  friends: "friend buddy bestie",
  food: "recipe restaurant lunch dinner breakfast brunch cooking baking cafe",
  learning: "course lecture exam homework tutorial university college school study thesis degree",
  home: "apartment landlord furniture kitchen garden plumber renovation",
  celebration: "birthday wedding anniversary graduation engagement",
  pets: "dog cat puppy kitten vet pet",
  reading: "book novel author bookstore library",
  music: "concert guitar piano violin album song band playlist",
  technology: "software laptop server database api bug deploy deployment code programming",
};

const topics = new Map<string, string[]>();
for (const [topic, words] of Object.entries(lexicon)) {
  for (const word of words.split(" ")) topics.set(word, [...(topics.get(word) ?? []), topic]);
}
