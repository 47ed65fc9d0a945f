import { stemOf } from "./terms.ts";
import { fold } from "./word-likeness.ts";

// Words of everyday life that mean the same or nearly so, in the languages that owners mix: English, German, French,
// Spanish, Portuguese. A line is one meaning; a word may stand in several. Single words only: of a phrase each word would mean
// the same by itself.
// An emoji stands for what it shows.
const meanings = `
buy bought purchase purchased got kaufen kauft gekauft kaufte besorgt acheter achete acheté comprar compré comprei compró comprou
sell sold verkaufen verkauft verkaufte vendre vendu vendeur verkäufer verkäuferin vender vendi vendí vendeu vendido
pay paid zahlen zahle bezahlt bezahlen gezahlt überwiesen payer payé pagar pagué paguei pagou pago
cost price kosten preis kostet gekostet coût prix coûte costo precio cuesta custo preço custa
rent miete loyer alquiler renda aluguer landlord vermieter propriétaire casero senhorio
salary pay wage income earn earns earning gehalt lohn verdienst verdiene verdient salaire sueldo salario salário ordenado
bill invoice rechnung facture factura fatura
tax taxes steuer steuern impôt impôts impuestos imposto iva vat
money geld argent dinero dinheiro 💰 💶 💷
job work profession occupation arbeit beruf beruflich stelle arbeitet travail métier boulot trabajo trabaja trabalho trabalha emprego
boss chef chefin manager lead supervisor vorgesetzter leiter leiterin patron jefe jefa chefe
leads lead leitet leiter leiterin dirigiert dirigent conducts conductor dirige director direktor
colleague coworker kollege kollegin collègue colega compañero
replace replaced successor successor nachfolger nachfolgerin ersatz vertretung vertritt instead substituiu substitui remplace remplacé reemplaza
lawyer solicitor attorney anwalt anwältin rechtsanwalt avocat avocate abogado abogada advogado advogada
doctor physician gp arzt ärztin hausarzt hausärztin dr médecin docteur médico médica doctor doctora 🩺
dentist zahnarzt zahnärztin dentiste dentista 🦷
vet veterinarian tierarzt tierärztin vétérinaire veterinario veterinário
nurse krankenschwester pfleger pflegerin infirmière enfermera enfermeira
accountant adviser steuerberater steuerberaterin comptable contable contabilista
teacher lehrer lehrerin professeur prof profesor profesora professora maestra
plumber klempner installateur plombier fontanero canalizador
landlord caretaker hausmeister concierge portero
police policeman policewoman officer polizei polizist polizistin gendarme policía polícia
medicine medication pill pills drug drugs tablet tablets tablette tabletten arznei arzneien medikament medikamente médicament médicaments medicina pastillas remédio remédios comprimidos 💊
bloodpressure bluthochdruck blutdruck hypertension tension tensión
hospital krankenhaus klinik spital hôpital clinica 🏥
mother mum mom mama mutter mère maman madre mãe
father dad papa vater père papá padre pai
parents eltern parents padres pais
grandmother grandma granny nan oma großmutter mamie abuela avó
grandfather grandpa granddad opa großvater papi abuelo avô avo
grandchild grandson granddaughter enkel enkelin enkelkind nieto nieta neto neta
son sohn fils hijo filho
daughter tochter fille hija filha
child children kid kids kind kinder baby enfant enfants bébé niño niños niña hijos bebé criança crianças filhos
brother bruder frère hermano irmão
sister schwester sœur soeur hermana irmã
husband wife spouse partner mann frau ehemann ehefrau mari femme marido esposa mujer mulher
uncle onkel oncle tío tio
aunt tante tía tia
niece nephew nichte neffe nièce neveu sobrina sobrino sobrinha sobrinho
cousin cousine primo prima
friend freund freundin ami amie amigo amiga
neighbour neighbor neighbours neighbors nachbar nachbarin nachbarn voisin voisine vecino vecina vizinho vizinha
wedding marriage marry married propose proposed hochzeit heiraten geheiratet heirat trauung mariage épouser marié mariée boda casar casado casada casamento noivado 💍 👰 💒
propose proposed engaged engagement antrag verlobt verlobung fiançailles demande pedido compromiso 💍
birth born geburt geboren naissance né née nacimiento nació nasceu nascimento 👶
birthday geburtstag anniversaire cumpleaños aniversário anos 🎂
die died death dead gestorben starb tod tot mort décès murió muerte morreu morte
party celebration feier fest fête fiesta festa 🎉 🥳
present gift presents gifts geschenk geschenke geschenkt schenken schenkte cadeau cadeaux regalo regalos prenda prendas presente 🎁
guest guests gast gäste people covers invités invité invitados convidados
holiday holidays vacation trip urlaub ferien reise vacances voyage vacaciones viaje férias viagem
hotel guesthouse pension unterkunft hôtel auberge albergue pousada 🏨
flight plane flug flugzeug vol avion vuelo avión voo avião ✈ 🛫
train railway zug bahn bahnhof tren comboio trem 🚆 🚂
car auto wagen voiture coche carro 🚗
bike bicycle cycle rad fahrrad velo vélo bici bicicleta 🚲
bus coach autobús autocarro
drive drove travel go fahren fährt fuhr conduire conducir
move moved moving relocate umzug umgezogen umziehen gezogen zieht déménager déménagement mudanza mudarse mudado mudança mudar
live lives lived wohnen wohnt lebt leben wohnung habite vivre vit vive vivir mora morar address
house home flat apartment haus wohnung zuhause maison appartement casa piso apartamento 🏠 🏡
studio office büro atelier bureau oficina escritório
room zimmer raum chambre salle habitación sala quarto
kitchen küche cuisine cocina cozinha
garden garten jardin jardín jardim 🌱 🌻
street road straße rue calle rua
repair repaired fix fixed mend reparieren repariert reparatur réparer réparé réparation reparar arreglar arreglado consertar conserto arranjar
broken broke kaputt defekt hinüber cassé panne roto avariado partido estragado
lost lose verloren verlieren perdu perdre perdido perder perdi
find found gefunden finden fand wiedergefunden aufgetaucht trouvé trouver retrouvé encontrado encontrar encontré encontrou encontrei apanharam
stolen steal theft gestohlen geklaut diebstahl volé voler robado robar roubado roubar
ran escape escaped fled weggelaufen entkommen échappé escapó fugiu fugir
win won winner gewonnen gewinnen gewann sieg gagné gagner ganar ganado ganó ganhou ganhar prize preis prix premio prémio 🏆
lose lost verloren perdu perdió perdeu
start started begin began begun beginnen beginnt angefangen begann commence commencé débuter empezar empezó empieza comienza começou começa começar
finish finished end ended completed fertig beendet ende abgeschlossen fini terminé fin terminar terminó acabou acabar done
accept accepted agree agreed approve approved zugesagt angenommen akzeptiert accord accepté aceptar aceptó aceitou aceitar yes
reject rejected refuse refused veto vetoed abgelehnt refusé rechazó recusou no
cancel cancelled abgesagt annulé cancelado
want wants möchte will wünscht veut quiere quer
like likes love prefer mag mögen gern liebsten aime préfère gusta gosta gosto gostar
hate dislike hasse déteste odio odeio detesto
eat eaten ate meal food essen isst gegessen manger mangé repas comer comió comida comi comeu
drink drank drunk trinken trinkt trinke getrunken boire bu bois beber bebida bebo bebe
coffee espresso kaffee café bica ☕
tea tee thé té chá 🍵
bread brot pain pan pão bakery bäckerei boulangerie panadería padaria 🍞 🥖
cake kuchen torte gâteau pastel tarta bolo 🍰 🎂
cook cooked recipe kochen gekocht rezept cuisiner recette cocinar receta cozinhar receita
dog hund chien perro cão cachorro 🐕 🐶
cat katze kater chat gato gata 🐈 🐱
bird parrot papagei perroquet loro papagaio 🦜 🐦
book books buch bücher büchlein livre livres libro libros livro livros novel title 📖 📚
copies copy exemplar exemplare exemplaires ejemplares exemplares
letter letters brief briefe lettre lettres carta cartas
photo picture bild foto photo image foto imagen imagem 📷
phone telephone mobile telefon handy téléphone portable teléfono móvil telefone telemóvel 📞 📱
password passwort kennwort contraseña senha
code pin zahlencode kode código
key keys schlüssel clé clés llave llaves chave chaves 🔑
computer laptop rechner notebook ordinateur ordenador portátil computador
dress kleid robe vestido suit anzug costume traje fato
shoe shoes schuh schuhe chaussure chaussures zapato zapatos sapato sapatos
glasses brille lunettes gafas óculos
machine waschmaschine lavadora
heating boiler heizung chauffage chaudière calefacción aquecimento
weight weigh weighs gewicht wiegt poids pèse peso pesa
height tall größe groß hoch taille altura
distance far entfernung weit distancia distância
age old alt alter âge edad idade anos
long duration dauer lange durée duración duração
meeting appointment termin besprechung rendez réunion cita reunión reunião consulta
call called phoned anruf angerufen rief telefoniert appel appelé llamada llamó llamar chamada ligou ligar
write wrote written schreiben geschrieben schrieb écrire écrit escribir escribió escrever escreveu
say said tell told sagte gesagt erzählt dit raconté dijo contó disse contou
teach taught learn learned lernen gelernt beigebracht unterrichtet appris apprendre enseigner aprender aprendió aprendeu ensinou
read reading lesen gelesen liest lu lire leer leyó ler leu
talk lecture speech vortrag rede lesung gesprochen conférence discours conferencia discurso palestra
exam test prüfung klausur examen prova exame
school schule école escuela escola
university uni universität hochschule université universidad universidade fac
course class kurs unterricht cours curso clase aula
thesis dissertation doktorarbeit abschlussarbeit mémoire thèse tesis tese
choir chor singing chorale coro
swim swam swimming schwimmen geschwommen nager nadar nadou
run ran running race laufen gelaufen lauf courir course correr corrí carrera corrida
climb climbing klettern grimper escalade escalar escalada
ski skiing skifahren esquiar
hike hiked walk walked wandern gewandert wanderung spaziergang randonnée marche caminata caminhada
beat won defeat defeated besiegt geschlagen gewonnen battu ganó venceu
sick ill illness krank krankheit malade maladie enfermo enfermedad doente doença
pain hurt hurts schmerz schmerzen weh mal douleur dolor dor costas
allergic allergy allergie allergisch allergique alérgico alergia
vaccinated vaccination jab shot impfung geimpft vaccin vacuna vacina
insurance insurer versicherung assurance seguro
bank account konto compte cuenta conta
mortgage loan kredit darlehen hypothek prêt crédit préstamo hipoteca empréstimo
contract vertrag contrat contrato
deadline due frist termin fällig échéance plazo prazo
early früher früh tôt temprano cedo
late delay delayed postponed spät verspätung verschoben retard reporté retraso tarde atraso adiado
Monday montag lundi lunes segunda
Tuesday dienstag mardi martes terça
Wednesday mittwoch mercredi miércoles quarta
Thursday donnerstag jeudi jueves quinta
Friday freitag vendredi viernes sexta
Saturday samstag samedi sábado
Sunday sonntag dimanche domingo
spring frühling frühjahr printemps primavera
summer sommer été verano verão
autumn fall herbst automne otoño outono
winter hiver invierno inverno
Christmas xmas weihnachten noël navidad natal 🎄
Easter ostern pâques pascua páscoa
red rot rouge rojo vermelho
green grün vert verde
blue blau bleu azul
yellow gelb jaune amarillo amarelo
black schwarz noir negro preto
white weiß blanc blanco branco
colour color colours colors farbe farben couleur couleurs colores cor cores
size größe taille talla tamanho
map karte plan carte mapa
ticket tickets karte karten fahrkarte billet billets entrada bilhete bilhetes
shop store laden geschäft magasin boutique tienda loja
market markt marché mercado
church kirche église iglesia igreja
island insel île isla ilha
sea lake meer see mer lac mar lago 🌊
mountain berg montagne montaña montanha
beach strand plage playa praia 🏖
company firm firma unternehmen entreprise empresa
customer client kunde kundin client cliente
project projekt projet proyecto projeto
`;

let byStem: ReadonlyMap<string, readonly string[]> | undefined;

/** Everyday words for the same thing in any of the owner's languages, by the stem of each. */
function read(): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const line of meanings.trim().split("\n")) {
    const words = line.split(" ");
    const stems = new Set(words.map((word) => stemOf(fold(word))));
    for (const stem of stems) map.set(stem, [...(map.get(stem) ?? []), ...words]);
  }
  return map;
}

function wordsFor(word: string): readonly string[] {
  byStem ??= read();
  return byStem.get(stemOf(fold(word))) ?? [];
}

/** Stems of everyday words for the same thing in any of the owner's languages, as they stand folded; none for most words. */
export const sameMeaning = (word: string): ReadonlySet<string> =>
  new Set(wordsFor(word).map((each) => stemOf(fold(each))));

/** The same, as the index has them. */
export const sameMeaningTerms = (word: string): string[] => [...new Set(wordsFor(word).map(stemOf))];
