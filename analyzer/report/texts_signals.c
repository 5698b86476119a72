/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The texts of signals, in Dutch (B1) and English: what was found, what it does not mean, what else
 * could explain it, what to ask, why a grade was lowered. A part of the table of texts.c, apart
 * because of its length. Constant.
 */
#include "analyzer/report/texts.h"

const struct text_row signal_texts[] = {
    {"signals", {"Signalen", "Signals"}},
    {"signals-read",
     {"Een signaal vraagt om een antwoord. De graad zegt hoe sterk de aanwijzingen zijn. Bij A, B "
      "en C houdt het verschil al maanden aan, of loopt het op. A: sterk, op meer manieren gezien, "
      "en niet te verklaren uit gemiste controles. B: sterk. C: minder sterk of minder zeker. D is "
      "een volglijst.",
      "A signal asks for an answer. The grade says how strong the evidence is. With A, B and C the "
      "difference has lasted for months, or is building up. A: strong, seen in more than one way, "
      "and not explained by stops that were missed. B: strong. C: less strong or less certain. D "
      "is a watch list."}},
    {"signal-not",
     {"Een signaal is geen bewijs van discriminatie. Het zegt niets over één controle, één agent "
      "of één "
      "persoon.",
      "A signal is no proof of discrimination. It says nothing of one stop, one officer or one "
      "person."}},
    {"signals-none",
     {"Er is geen signaal van graad A, B of C. Dat is geen bewijs dat er geen verschil is.",
      "There is no signal of grade A, B or C. That is no proof that there is no disparity."}},
    {"signals-other",
     {"Overige signalen van graad A tot en met C", "Other signals of grade A to C"}},
    {"signals-watch",
     {"Volglijst (D): nog niet herhaald, niet sterk genoeg, of verlaagd door twijfel.",
      "Watch list (D): not repeated yet, not strong enough, or lowered by a doubt."}},
    {"signals-closed", {"Gesloten sinds de vorige maand", "Closed since last month"}},
    {"signals-more", {"En nog {1} (zie --signals).", "And {1} more (see --signals)."}},
    {"signal-since", {"sinds", "since"}},
    {"signal-also", {"Hetzelfde, per plaats", "The same, by place"}},
    {"signal-evidence", {"Aanwijzingen", "Evidence"}},
    {"signal-otherwise", {"Andere verklaringen", "Other explanations"}},
    {"signal-ask", {"Vraag aan de politie", "Question for the police"}},
    {"signal-city", {"Hele stad", "Whole city"}},
    {"signal-no-number", {"{1}: {2}.", "{1}: {2}."}},
    /* kinds */
    {"kind-stop-rate", {"vaker gecontroleerd", "stopped more often"}},
    {"kind-search", {"vaker doorzocht", "searched more often"}},
    {"kind-outcome", {"doorzoeken levert minder op", "searches find less"}},
    {"kind-explanation", {"minder uitleg", "less explanation"}},
    {"kind-respect", {"bejegening", "treatment"}},
    {"kind-reasons", {"zwakkere redenen", "weaker reasons"}},
    {"kind-bodycam", {"bodycam minder vaak aan", "bodycam on less often"}},
    {"kind-registration", {"minder vaak geregistreerd", "registered less often"}},
    /* course */
    {"status-opened", {"nieuw", "new"}},
    {"status-first", {"eerste analyse", "first analysis"}},
    {"status-risen", {"hoger dan vorige maand ({1})", "higher than last month ({1})"}},
    {"status-fallen", {"lager dan vorige maand ({1})", "lower than last month ({1})"}},
    {"status-same", {"gelijk aan vorige maand", "as last month"}},
    {"status-not-measured",
     {"deze maand niet te meten; graad van de vorige maand",
      "cannot be measured this month; grade of last month"}},
    {"status-closed", {"gesloten; was {1}", "closed; was {1}"}},
    /* headlines: 1 place, 2 people, 3 reference, 4 value, 5-6 interval, 7 n, 8 direction */
    {"signal-stop-rate",
     {"{1}: {2} zijn in twaalf maanden {4} keer zo vaak gecontroleerd als {3}, gerekend per "
      "bewoner "
      "(marge {5} tot {6}; {7} controles van hen).",
      "{1}: {2} were stopped {4} times as often as {3} over twelve months, per resident (interval "
      "{5} to {6}; {7} stops of them)."}},
    {"signal-search",
     {"{1}: {2} zijn in twaalf maanden {4} procentpunt {8} doorzocht dan {3} (marge {5} tot {6}; "
      "{7} "
      "controles van hen).",
      "{1}: {2} were searched {8} than {3} by {4} percentage points over twelve months (interval "
      "{5} to {6}; {7} stops of them)."}},
    {"signal-outcome",
     {"{1}: doorzoeken van {2} leverde in twaalf maanden {4} procentpunt {8} iets strafbaars op "
      "dat "
      "bij de reden past dan doorzoeken van {3} (marge {5} tot {6}; {7} doorzoekingen van hen).",
      "{1}: searches of {2} found something illegal that fits the reason {8} than searches of {3}, "
      "by {4} percentage points over twelve months (interval {5} to {6}; {7} searches of them)."}},
    {"signal-explanation",
     {"{1}: de index voor uitleg is voor {2} {4} punten {8} dan voor {3}, bij vergelijkbare "
      "controles in twaalf maanden (marge {5} tot {6}; {7} controles van hen).",
      "{1}: the index of explanation is {4} points {8} for {2} than for {3}, among similar stops "
      "over twelve months (interval {5} to {6}; {7} stops of them)."}},
    {"signal-respect",
     {"{1}: de index voor respectvolle behandeling is voor {2} {4} punten {8} dan voor {3}, bij "
      "vergelijkbare controles in twaalf maanden (marge {5} tot {6}; {7} controles van hen).",
      "{1}: the index of respectful treatment is {4} points {8} for {2} than for {3}, among "
      "similar "
      "stops over twelve months (interval {5} to {6}; {7} stops of them)."}},
    {"signal-reasons",
     {"{1}: de index voor goed onderbouwde redenen is voor {2} {4} punten {8} dan voor {3}, bij "
      "vergelijkbare controles in twaalf maanden (marge {5} tot {6}; {7} controles van hen).",
      "{1}: the index of well-founded reasons is {4} points {8} for {2} than for {3}, among "
      "similar "
      "stops over twelve months (interval {5} to {6}; {7} stops of them)."}},
    {"signal-bodycam",
     {"{1}: de bodycam stond bij {2} {4} procentpunt {8} de hele controle aan dan bij {3}, bij "
      "vergelijkbare controles in twaalf maanden (marge {5} tot {6}; {7} controles van hen).",
      "{1}: the bodycam was on throughout {8} for {2} than for {3}, by {4} percentage points among "
      "similar stops over twelve months (interval {5} to {6}; {7} stops of them)."}},
    {"signal-registration",
     {"{1}: controles van {2} zijn {4} punten {8} geregistreerd dan die van {3} (marge {5} tot "
      "{6}; "
      "{7} controles van hen).",
      "{1}: stops of {2} were registered {8} than those of {3}, by {4} points (interval {5} to "
      "{6}; "
      "{7} stops of them)."}},
    {"signal-lower", {"lager", "lower"}},
    {"signal-higher", {"hoger", "higher"}},
    /* what else could explain it */
    {"otherwise-stop-rate",
     {"Wie op straat is, is niet altijd wie er woont. Er kan op bepaalde plekken en uren meer "
      "politie "
      "zijn. Een melding met een signalement kan een groep vaker treffen.",
      "Who is in the street is not always who lives there. There may be more police at certain "
      "places "
      "and hours. A report with a description may point at one group more often."}},
    {"otherwise-search",
     {"De aanleiding van de controle kan anders zijn: bij een aanhouding hoort fouilleren. Een "
      "actie tegen wapens op één plek kan het verschil maken.",
      "The occasion of the stop may differ: an arrest comes with a search. An operation against "
      "weapons in one place can make the difference."}},
    {"otherwise-outcome",
     {"Ook met één gelijke drempel kan een groep minder treffers hebben, als de kans op een vondst "
      "in die groep anders is verdeeld. Er kan ook naar iets anders zijn gezocht.",
      "Even with one equal threshold a group can have fewer hits, when the chance of a find is "
      "spread "
      "differently within it. Something else may have been searched for."}},
    {"otherwise-explanation",
     {"Taal, haast of veiligheid kan uitleg in de weg staan. Ook kan de uitleg wel zijn gegeven, "
      "maar "
      "niet zijn geregistreerd.",
      "Language, haste or safety can stand in the way. The explanation may also have been given "
      "and "
      "not registered."}},
    {"otherwise-respect",
     {"De controles kunnen verschillen in gevaar of verzet. Niet elk onderdeel is overal gemeten.",
      "Stops may differ in danger or resistance. Not every part is measured everywhere."}},
    {"otherwise-reasons",
     {"Teams schrijven redenen niet allemaal even precies op. Een opdracht van de leiding kan de "
      "reden "
      "zijn zonder dat dat er staat.",
      "Teams do not all write reasons down with the same care. An order may be the reason without "
      "being written down."}},
    {"otherwise-bodycam",
     {"Niet elk team heeft genoeg bodycams. Een accu kan leeg zijn of de dienst kan zonder camera "
      "zijn begonnen.",
      "Not every team has enough bodycams. A battery may be flat, or the shift may have begun "
      "without "
      "a camera."}},
    {"otherwise-registration",
     {"Een storing of een andere werkwijze in één team kan het verschil maken.",
      "A failure or another way of working in one team can make the difference."}},
    /* what to ask */
    {"ask-stop-rate",
     {"Welke opdrachten en meldingen leidden hier tot controles, en welke niet?",
      "Which orders and reports led to stops here, and which did not?"}},
    {"ask-search",
     {"Wat was bij deze controles de reden om te doorzoeken?",
      "What was the reason to search in these stops?"}},
    {"ask-outcome",
     {"Welke aanwijzing vond het team genoeg om te doorzoeken, en waarom leverde dat minder op?",
      "Which indication did the team think enough for a search, and why did that find less?"}},
    {"ask-explanation",
     {"Waarom kregen deze mensen minder vaak ongevraagd uitleg?",
      "Why were these people told the reason unprompted less often?"}},
    {"ask-respect",
     {"Wat gebeurde er in deze controles, en was de camera aan?",
      "What happened in these stops, and was the camera on?"}},
    {"ask-reasons",
     {"Waarop rustte de keuze voor deze mensen, als het niet in de registratie staat?",
      "On what did the choice of these people rest, when the registration does not say?"}},
    {"ask-bodycam",
     {"Waarom stond de bodycam bij deze controles minder vaak aan?",
      "Why was the bodycam on less often in these stops?"}},
    {"ask-registration",
     {"Welke controles zijn niet geregistreerd, en hoe komt dat?",
      "Which stops were not registered, and why?"}},
    /* evidence */
    {"evidence-E1",
     {"minstens 1,25 keer zo vaak volgens twee vergelijkingsmaten uit verschillende bronnen",
      "at least 1.25 times as often by two benchmarks of different sources"}},
    {"evidence-one-benchmark",
     {"minstens 1,25 keer zo vaak volgens één vergelijkingsmaat",
      "at least 1.25 times as often by one benchmark"}},
    {"evidence-E2",
     {"minder treffers, of een lagere drempel om te doorzoeken",
      "fewer hits, or a lower threshold to search"}},
    {"evidence-E3",
     {"vaker, en met minder resultaat: beide toetsen wijzen dezelfde kant op",
      "more often, and with less result: both tests point the same way"}},
    {"evidence-E4",
     {"bij daglicht vaker dan in het donker, of vooraf gezien vaker dan niet gezien",
      "more often in daylight than in darkness, or when seen before than when not"}},
    {"evidence-E5", {"ook tussen vergelijkbare controles", "also among similar stops"}},
    {"evidence-E6",
     {"in minstens drie van de laatste vier maanden, of een alarm",
      "in at least three of the last four months, or an alarm"}},
    {"evidence-E7", {"burgers zeggen het ook", "citizens say so too"}},
    {"evidence-E8",
     {"minstens 5 punten verschil bij vergelijkbare controles",
      "a gap of at least 5 points among similar stops"}},
    {"evidence-tipping",
     {"blijft staan, ook als alle gemiste controles anders waren",
      "stands, even if all stops that were missed had been different"}},
    {"holds-yes", {"ja", "yes"}},
    {"holds-yes-q", {"ja (q {1})", "yes (q {1})"}},
    {"holds-no", {"nee", "no"}},
    {"holds-no-E3",
     {"geen conclusie (dat is iets anders dan geen verschil)",
      "inconclusive (which is not the same as equal)"}},
    {"holds-no-E3-opposite", {"nee, andersom", "no, the other way"}},
    {"holds-unknown", {"niet gemeten ({1})", "not measured ({1})"}},
    {"why-no-figure", {"geen cijfer", "no figure"}},
    {"why-withheld", {"te weinig om iets te zeggen", "too little to say"}},
    {"why-no-coverage", {"niet bekend hoeveel er is gemist", "not known how many were missed"}},
    {"why-few-months", {"minder dan drie bruikbare maanden", "fewer than three usable months"}},
    /* doubts */
    {"doubt-coverage-under-80",
     {"Een graad lager: minder dan 80% van de controles is geregistreerd.",
      "One grade lower: less than 80% of stops is registered."}},
    {"doubt-interval-crosses-1",
     {"Een graad lager: met de onzekerheid over het aantal bewoners per groep kan er ook geen "
      "verschil zijn.",
      "One grade lower: with the uncertainty about residents by group there may be no disparity."}},
    {"doubt-events-under-30",
     {"Een graad lager: het rust op minder dan 30 gevallen.",
      "One grade lower: it rests on fewer than 30 cases."}},
    {"doubt-perceived-under-80",
     {"Een graad lager: bij minder dan 80% van de controles is een groep geregistreerd.",
      "One grade lower: a group is registered in less than 80% of stops."}},
};
const size_t signal_text_count = sizeof signal_texts / sizeof *signal_texts;
