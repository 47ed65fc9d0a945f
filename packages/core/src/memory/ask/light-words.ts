// Words of a question that any answer may do without: light verbs, prepositions and adverbs, in the owner's languages. They
// are too seldom in a small store to be told by how often they stand there.
const words = `get gets got getting gotten take takes took taken taking make makes made making give gives gave given giving go goes went
going gone come comes came coming put keep keeps kept let use used using need needs needed want wanted wants happen happened
look looked looking try tried say said says tell told mean meant call called again away back up down off out over per through
until till since during around between without within under upon yet already ever always usually actually really just only
also too very else instead still anybody anyone somebody someone anything something everything nothing each every other
another more most much many few several own same kind sort way thing things stuff exactly again once
mache machst macht machen gemacht machte tue tut tun getan gehe geht gehen ging gegangen komme kommt kommen kam gekommen
nehme nimmt nehmen nahm genommen gebe gibt geben gab gegeben bekomme bekommt bekommen bekam kriege kriegt kriegen gekriegt
lasse lässt lassen ließ gelassen stelle stellt gestellt setze setzt stehe steht stehen stand liege liegt liegen lag finde findet finden
soll sollte will wollte wollen möchte brauche braucht brauchen dürfen darf sage sagt sagen gesagt hieß heiße nochmal überhaupt
eigentlich genau pro je jeweils etwa ungefähr wieder weg her hin dran davon dafür damit dabei daran darauf jemand irgendwer etwas
nichts alles einmal schonmal bisher seitdem während zwischen gegen ohne innerhalb selbst
fais fait faire faisait faites vais va allé aller venu venir viens vient pris prendre prends prend mis mettre mets donné donner
donne eu avoir été trouvé trouver passé passer dit dire veut vouloir voulu faut fallu doit devoir peut pouvoir chose choses
quelque quelqu'un personne rien tout toute encore déjà toujours jamais vraiment exactement environ pendant entre contre sans
sors parti partir
hago hace hacer hizo hecho voy va ir fui vengo viene venir tomo toma tomar tomó pongo pone poner puso doy da dar dio tengo tener
tuvo quiero quiere querer puedo puede poder debo debe deber digo dice decir dijo cosa cosas algo alguien nadie nada todo otra otro
vez veces siempre nunca también exactamente durante entre contra sin todavía aún
faço faz fazer fez feito vou ir venho vem vir veio tomo toma tomar tomou ponho põe pôr pôs dou dá dar deu quero quer querer quis
posso pode poder devo deve dever digo diz dizer disse coisa coisas algo alguém ninguém nada tudo outra outro vez vezes sempre
nunca também exatamente durante entre contra sem ainda`;

const light: ReadonlySet<string> = new Set(words.split(/\s+/));

/** Whether a word, in lower case, carries little of what a question asks for. */
export const isLight = (word: string): boolean => light.has(word);
