/** What to do about a finding, on the page, by its code: English, Dutch. Others say what the check itself advises. */
export const FINDING_WORDS: Record<string, [string, string]> = {
  "advice_check/quotes-unchecked": ["Add the document under Read.", "Voeg het document toe onder Lezen."],
  "advice_check/clock-from-today": ["Give its days, and the day since which it runs.", "Geef zijn dagen, en de dag sinds welke hij loopt."],
  "advice_check/no-usual-view": ["Call the view that is mostly asked core.", "Noem de uitsnede die meestal wordt ondervraagd core."],
  "advice_check/idle-consent": [
    "Give the party a want that names the lever, under Wants; looking ahead, or all acting at once, it may consent all the same.",
    "Geef de partij een wens die de hefboom noemt, onder Wensen; wie vooruitkijkt, of als allen tegelijk handelen, kan toch instemmen.",
  ],
  "advice_check/long-quote": [
    "Quote fewer words, or seal the passage (under More in the form of the claim).",
    "Citeer minder woorden, of verzegel de passage (onder Meer in het formulier van de bewering).",
  ],
  "advice_check/tracked-changes": [
    "Say which version is meant in the title or the date of the source.",
    "Zeg in de titel of de datum van de bron welke versie bedoeld is.",
  ],
  "advice_check/unused-claim": [
    "Choose it in a line that rests on it, or call it background.",
    "Kies haar bij een regel die erop rust, of noem haar achtergrond.",
  ],
  "done_check/unused-claim": ["It is background", "Het is achtergrond"],
  "advice_check/denied-claim": [
    "Say in the line that rests on it why the model follows this one, or give both as types or settings.",
    "Zeg bij de regel die erop rust waarom het model deze volgt, of geef beide als versie of als stand.",
  ],
  "advice_check/seen-otherwise": [
    "Let it stand today as it was last seen, or add what was seen since.",
    "Laat hem vandaag staan zoals hij het laatst gezien is, of voeg toe wat sindsdien gezien is.",
  ],
  "done_check/seen-otherwise": ["Stands at {seen} today", "Staat vandaag op {seen}"],
  "advice_check/seen-later": [
    "Correct the day of the observation, or that of the case under About.",
    "Verbeter de dag van de waarneming, of die van het dossier onder Over.",
  ],
  "advice_check/no-basis": [
    "Choose the claims it rests on, or say why it is assumed.",
    "Kies de beweringen waarop het rust, of zeg waarom het is aangenomen.",
  ],
  "advice_check/to-be-replaced": [
    "Choose the claims that the line rests on, or say why it is assumed.",
    "Kies de beweringen waarop de regel rust, of zeg waarom hij is aangenomen.",
  ],
  "advice_check/basis-without-claims": [
    "Choose the claims it rests on, or say why it is assumed and leave its basis open.",
    "Kies de beweringen waarop het rust, of zeg waarom het is aangenomen en laat de grond open.",
  ],
  "advice_check/weights-on-ordinal": [
    "Give every want of this party a worth a month, or none.",
    "Geef elke wens van deze partij een waarde per maand, of geen enkele.",
  ],
  "advice_check/negative-worth": [
    "Write the condition the other way round (“not …”), with a worth above 0.",
    "Schrijf de voorwaarde andersom (“not …”), met een waarde boven 0.",
  ],
  "advice_check/order-against-weights": [
    "Put the wants in the order of their worths, or correct the worths.",
    "Zet de wensen op volgorde van hun waarde, of verbeter de waarden.",
  ],
  "done_check/order-against-weights": ["Order by worth", "Op waarde zetten"],
  "advice_check/present-banned": ["Correct the ban, or how the levers stand now.", "Verbeter de uitsluiting, of hoe de hefbomen nu staan."],
  "advice_check/no-present": [
    "Say under each lever how it stands now, then take today as stated.",
    "Zeg bij elke hefboom hoe hij nu staat, en neem vandaag dan zoals gesteld.",
  ],
  "done_check/no-present": ["Take today as stated", "Neem vandaag zoals gesteld"],
  "advice_check/empty-want": ["Take it out, or say what was meant.", "Haal haar weg, of zeg wat bedoeld was."],
  "done_check/empty-want": ["Take it out", "Haal haar weg"],
  "advice_check/ban-traps": [
    "A ban forbids states, for everybody. To restrict how a setting is entered, give it a condition on entering, in the form of the lever.",
    "Een uitsluiting verbiedt toestanden, voor iedereen. Geef een stand een voorwaarde op het ingaan, in het formulier van de hefboom, om te beperken hoe hij wordt ingegaan.",
  ],
  "advice_check/unknown-party": ["Choose whose other name it is, or correct it.", "Kies van wie het een andere naam is, of verbeter het."],
  also_of: ["It is another name of …", "Het is een andere naam van …"],
  "advice_check/no-such-text": [
    "Take the translation out, or give the words that stand there now theirs under Translations.",
    "Haal de vertaling weg, of geef de woorden die er nu staan er een onder Vertalingen.",
  ],
  "done_check/no-such-text": ["Take it out", "Haal haar weg"],
};
