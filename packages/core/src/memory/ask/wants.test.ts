import { expect, test } from "vitest";
import { askingWords, wantsOf } from "./wants.ts";

const wants = (question: string) => wantsOf(question, question);

test.each([
  ["What data did we collect in the lab?", false],
  ["Qual é a data do casamento?", true],
  ["Em que data foi a festa?", true],
])("%j asks for a time: %j", (question, isTime) => expect(wants(question).kinds.has("time")).toBe(isTime));

test.each([
  ["Can you tell me how old Oma is?", false],
  ["Could you say where the keys are?", false],
  ["What did you tell me about kerning?", true],
  ["Which film have you recommended?", true],
  ["Was hast du mir empfohlen?", true],
  ["Kannst du mir sagen, wo die Schlüssel sind?", false],
])("%j asks what an assistant said: %j", (question, isOfAssistant) =>
  expect(wants(question).ofAssistant).toBe(isOfAssistant),
);

test.each([
  ["Who pays the electricity bill?", ["person"]],
  ["And with whom did I share the rent?", ["person"]],
  ["Wann habe ich die Rechnung bezahlt?", ["time"]],
  ["When did I pay the dentist?", ["time"]],
  ["Where is the phone?", ["place"]],
  ["How much did I pay when we moved?", ["money", "measure"]],
  ["What did the repair come to?", ["money"]],
  ["What does a lesson cost?", ["money"]],
  ["Combien je paie de loyer ?", ["money"]],
  ["Combien d'élèves j'ai ?", ["count"]],
])("%j begins with what it asks for: %j", (question, kinds) => expect([...wants(question).kinds]).toEqual(kinds));

test("the rent is what is asked about, though it says that a sum is asked for", () => {
  expect(askingWords("How much is the rent?", false).has("rent")).toBe(false);
  expect(wants("the rent").kinds.has("money")).toBe(true);
});

test.each([
  ["When is a visit to the dentist due?", false],
  ["Who has a rabbit?", false],
  ["When does the war museum open?", false],
  ["How much do I need for a hundred sheets?", false],
  ["What is the neighbour's dog called?", false],
  ["What is our cat called now?", false],
  ["What is left to do?", false],
  ["Are they married?", false],
  ["Who is the man I met in Porto?", true],
  ["Who told me about the loft?", true],
  ["When did I sell the bike?", true],
  ["Where have I parked the car?", true],
  ["Wem gehört das Rad?", false],
  ["Was kostet das Rad?", false],
  ["Was kostete das Rad?", true],
  ["Onde é o museu?", false],
  ["Wie hoch ist mein Gehalt?", false],
  ["Wem hat das Rad gehört?", true],
  ["Wo haben wir geheiratet?", true],
  ["Quand a lieu la fête ?", false],
  ["Où est le chat du voisin ?", false],
  ["Quand est-ce que j'ai visité le musée ?", true],
  ["Qui a vu le lapin ?", true],
  ["Onde estou inscrita?", false],
  ["Quanto pagou a Inês pelo carro?", true],
  ["¿Quién compró la lavadora?", true],
])("%j asks about what is over: %j", (question, isPast) => expect(wants(question).isPast).toBe(isPast));

test.each([
  ["What did we spend on the roof?", ["money"]],
  ["How many nights are we in Porto?", ["duration"]],
  ["Wieviel Gäste waren auf der Hochzeit?", ["count"]],
  ["Wie viel habe ich für die Lampe bezahlt?", ["money", "measure"]],
  ["Wie viel Zeit habe ich noch?", ["duration"]],
  ["Cuántas noches estuvimos en Cuenca?", ["duration"]],
])("%j asks for %j", (question, kinds) => expect([...wants(question).kinds]).toEqual(kinds));
