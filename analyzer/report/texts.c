/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The table of texts and how one is found and filled. Holds whole sentences, never halves that
 * code glues together, but for the few named parts that a sentence takes as {1} to {9}. Not for
 * labels of codes and areas, which are data. Constant; what text_fill() returns belongs to the
 * arena.
 */
#include "analyzer/report/texts.h"

#include "analyzer/measure/plausibility.h"

#include "common/str.h"

#include <string.h>

const char *const language_codes[LANGUAGES] = {"nl", "en"};

static const struct text_row texts[] = {
    /* headings */
    {"title", {"Analyse van controles", "Analysis of stops"}},
    {"run", {"analyse", "run"}},
    {"headline", {"In het kort", "In short"}},
    {"quality", {"Kwaliteit van de registratie", "Quality of the registration"}},
    {"skip", {"Naar de inhoud", "Skip to content"}},
    {"contents", {"Inhoud", "Contents"}},
    {"reading", {"Zo leest u dit", "How to read this"}},
    /* how to read */
    {"read-interval",
     {"Elk cijfer staat met zijn marge (95% zekerheid) en met het aantal waarop het rust (n).",
      "Every figure stands with its interval (95% confidence) and the number it rests on (n)."}},
    {"read-ratio",
     {"Een verhouding van 1 betekent: even vaak als de mensen met wie is vergeleken, op dezelfde "
      "plek.",
      "A ratio of 1 means: as often as the people compared with, in the same place."}},
    {"read-benchmark",
     {"Elke vergelijkingsmaat is op een eigen manier onvolledig. Daarom staan ze naast elkaar.",
      "Every benchmark is wrong in its own way. That is why they stand side by side."}},
    {"read-discrimination",
     {"Een verschil is nog geen discriminatie. Geen verschil is geen bewijs dat die er niet is.",
      "A disparity is not yet discrimination. No disparity is no proof that there is none."}},
    {"read-detectable",
     {"'Aantoonbaar vanaf' zegt hoe groot een verschil moet zijn om het met dit aantal te zien.",
      "'Detectable from' says how large a disparity must be for these numbers to show it."}},
    {"read-q",
     {"De q houdt rekening met het grote aantal vergelijkingen. Onder 0,05 past het verschil "
      "slecht "
      "bij toeval alleen.",
      "The q takes the large number of comparisons into account. Below 0.05 the disparity fits "
      "poorly with chance alone."}},
    {"read-bold",
     {"Vette rijen hebben een q onder 0,05, of liggen buiten de marge voor hun omvang.",
      "Rows in bold have a q below 0.05, or lie outside the limits for their size."}},
    {"read-odds",
     {"Een kansverhouding van 1 betekent: de kans is gelijk. Boven 1 is de kans groter, onder 1 "
      "kleiner.",
      "An odds ratio of 1 means: equal odds. Above 1 the odds are higher, below 1 lower."}},
    {"read-searched",
     {"Elke soort doorzoeking telt mee: kleding, lichaam, tas of voertuig.",
      "Every kind of search counts: clothing, body, bag or vehicle."}},
    {"read-homogeneity",
     {"Een q onder 0,05 zegt: de verhouding is niet overal even groot. Kijk dan ook per plaats. De "
      "n is hier het aantal plaatsen.",
      "A q below 0.05 says: the ratio is not the same everywhere. Then look at the places as well. "
      "The n is the number of places here."}},
    {"read-test",
     {"De toets vergelijkt mensen op dezelfde plaats. De n is hier het aantal plaatsen.",
      "The test compares people in the same place. The n is the number of places here."}},
    {"read-standardised",
     {"Elke groep telt hier alsof zij over de wijken verdeeld woont zoals de hele stad.",
      "Each group counts as if it lived over the places as the whole city does."}},
    {"read-risk",
     {"De kans op een vondst is geschat uit wie doorzocht is. Is die schatting scheef, dan is dit "
      "verschil het ook.",
      "The chance of a find is estimated from those who were searched. If that is skewed, so is "
      "this difference."}},
    {"read-search",
     {"Hoe vaak wordt doorzocht, hangt ook af van de reden van de controle.",
      "How often people are searched also depends on why they were stopped."}},
    {"read-hit",
     {"Minder treffers kunnen wijzen op een lagere drempel om te doorzoeken, maar bewijzen die "
      "niet.",
      "Fewer hits may point to a lower threshold for searching, but do not prove one."}},
    {"read-bridge",
     {"Bewoners zijn door CBS geteld naar herkomst, niet naar uiterlijk. De omrekening is een "
      "aanname.",
      "Residents are counted by origin, not by looks. The conversion is an assumption."}},
    {"read-gap",
     {"Het verschil tussen groepen is hier ruw: niet gecorrigeerd voor plek, uur of wettelijke "
      "grond.",
      "The gap between groups is raw here: not adjusted for place, hour or legal basis."}},
    {"read-alike",
     {"Vergeleken met controles op dezelfde plek, in hetzelfde deel van de dag, op dezelfde "
      "wettelijke grond en bij hetzelfde vervoer. Wat daar niet in zit, kan het verschil nog "
      "verklaren.",
      "Compared with stops in the same place, part of the day, legal basis and mode. What is not "
      "among these may still explain the difference."}},
    {"read-index-gap",
     {"Zo groot was het verschil als beide groepen op dezelfde plekken, uren en wettelijke gronden "
      "waren gecontroleerd.",
      "This would be the gap if both groups had been stopped in the same places, at the same hours "
      "and on the same legal bases."}},
    {"read-team",
     {"Een eenheid naast wat andere eenheden bij vergelijkbare controles doen. Doen alle eenheden "
      "hetzelfde, dan valt er geen op.",
      "A unit beside what other units do in similar stops. If all units do the same, none stands "
      "out."}},
    {"read-threshold",
     {"De drempel is een schatting: bij welke kans op een treffer wordt doorzocht. Dat rust op een "
      "model. Het niveau is onzeker, de volgorde van de groepen minder. Plaatsen met weinig "
      "doorzoekingen leunen op de hele stad: zo'n plaats bewijst weinig op zichzelf.",
      "The threshold is an estimate: at what chance of a hit people are searched. It rests on a "
      "model. The level is uncertain, the order of the groups less so. Places with few searches "
      "lean on the whole city: such a place shows little by itself."}},
    {"read-effect",
     {"Vergeleken met het gemiddelde van alle groepen, niet met een groep. De omrekening van "
      "bewoners is hier als zeker genomen. De q hoort bij: meer dan 1,25 keer zo vaak.",
      "Against the average of all groups, not against one group. The conversion of residents is "
      "taken as certain here. The q belongs to: more than 1.25 times as often."}},
    {"read-veil",
     {"Onder 0: in het donker, als je iemand minder goed ziet, is de groep een kleiner deel van "
      "wie "
      "wordt gecontroleerd. Dat past bij letten op uiterlijk. Straatlicht maakt het verschil "
      "kleiner. Rond 0 is dus geen bewijs van gelijke behandeling.",
      "Below 0: in the dark, when people are harder to see, the group is a smaller part of those "
      "stopped. That fits looking at appearance. Street light makes the difference smaller, so "
      "about 0 is no proof of equal treatment."}},
    {"read-misclassified",
     {"Dit rust op mensen van wie beide bekend zijn: hoe de agent hen zag en hoe zij zichzelf "
      "noemen. De n is hun aantal. Wie zo'n opgave doet, is niet altijd zoals de anderen.",
      "This rests on people of whom both are known: how the officer saw them and how they describe "
      "themselves. The n is their number. Those who say so are not always like the others."}},
    {"read-chart",
     {"De marge zegt hier wat een gewone maand is. Elke kaart alleen slaat soms zomaar uit. "
      "Seizoenen "
      "zijn er niet uitgehaald.",
      "The interval says what an ordinary month is here. Each chart alone is at times out of it by "
      "chance. Seasons are not taken out."}},
    {"read-cusum",
     {"De bovenkant van de marge is de alarmgrens. Voor de hele stad samen is er bij gelijk "
      "blijven "
      "gemiddeld eens in vijf jaar een alarm. De n is het aantal maanden.",
      "The upper end of the interval is the alarm threshold. For the whole city together there is "
      "one "
      "alarm in five years on average when nothing changes. The n is the number of months."}},
    {"read-persistent",
     {"Geteld is hoe vaak de richting gelijk was, niet hoe groot het verschil was. De n is het "
      "aantal bruikbare maanden (hooguit vier). Met alleen toeval is twee van de vier gewoon.",
      "This counts how often the direction was the same, not how large the disparity was. The n is "
      "the number of usable months (four at most). By chance alone two of four is common."}},
    {"read-robust",
     {"Twee toetsen samen: hoe vaak het een groep overkomt, en hoe vaak het iets oplevert. Alleen "
      "als "
      "beide dezelfde kant op wijzen, is er een conclusie. Misschien nadeel: bij zo veel "
      "vergelijkingen kan dit nog toeval zijn. Andersom: het overkomt juist de anderen vaker, met "
      "minder treffers. Geen conclusie is iets anders dan geen verschil.",
      "Two tests together: how often it happens to a group, and how often it finds something. Only "
      "when both point the same way is anything concluded. Maybe against: with so many comparisons "
      "this may still be chance. The other way: it happens more often to those compared with, with "
      "fewer hits. Inconclusive is not the same as equal."}},
    {"read-glm",
     {"Een model met de plaats erin. De marge houdt er rekening mee dat plaatsen meer verschillen "
      "dan "
      "door toeval. Bewoners tellen als zeker.",
      "A model with the place in it. The interval allows for places that differ more than chance "
      "makes them. Residents count as certain."}},
    {"read-shrunk",
     {"Kleine plaatsen schuiven naar wat in alle plaatsen gewoon is. Om te kijken, niet om te "
      "besluiten. De q hoort bij: meer dan 1,25 keer zo vaak.",
      "Small places move towards what is usual in all places. For looking, not for deciding. The q "
      "belongs to: more than 1.25 times as often."}},
    {"read-funnel",
     {"De marge (99,8%) is hoe ver een plaats door toeval van het geheel kan liggen, gezien haar "
      "omvang. Erbuiten betekent: hier kijken. Het betekent niet: hier is iets fout.",
      "The limits (99.8%) are how far a place may lie from the whole by chance, given its size. "
      "Outside means: look here. It does not mean: something is wrong."}},
    {"read-local-fdr",
     {"De kans dat een plaats en groep toch bij de gewone middenmoot hoort. Laag is opvallend.",
      "The chance that a place and group belongs to the bulk all the same. Low stands out."}},
    {"read-e-value",
     {"Iets wat niet is gemeten, kan het verschil alleen helemaal verklaren als het zo veel keer "
      "vaker "
      "voorkomt bij de ene groep, en ook de kans zo veel keer groter maakt. 'Vanaf': daar is het "
      "verschil niet meer zeker. Vanaf 1,00 betekent: het was al niet zeker.",
      "Something that was not measured can explain the whole difference only when it is so many "
      "times "
      "as common in one group, and also makes the chance so many times as large. 'From': there the "
      "difference is no longer certain. From 1.00 means: it was not certain to begin with."}},
    {"read-tipping",
     {"Welk deel van alle controles had moeten ontbreken om gelijk uit te komen, als alles wat "
      "ontbreekt van de kant is die minder vaak is gecontroleerd. 'Vanaf': daar is het verschil "
      "niet "
      "meer zeker. Leg dit naast de dekking van de registratie.",
      "Which share of all stops would have to be missing for equal rates, if all that is missing "
      "is of "
      "the side that was stopped less. 'From': there the difference is no longer certain. Hold "
      "this "
      "against the coverage of the registration."}},
    {"read-tipping-curve",
     {"Als dit deel van alle controles ontbreekt (onderdeel): welk deel daarvan moet van de groep "
      "zijn "
      "om gelijk uit te komen. Onder 0% of boven 100% kan dat niet.",
      "If this share of all stops is missing (part): which share of those must be of the group for "
      "equal rates. Below 0% or above 100% nothing does that."}},
    {"read-bounds",
     {"Onderdeel: welk deel van de controles van de groep bij anderen niet was gedaan. Niemand "
      "weet dat "
      "deel. De marge is een ondergrens en een bovengrens, zonder toeval.",
      "Part: which share of the group's stops would not have been made of others. Nobody knows "
      "that "
      "share. The interval is a lower and an upper bound, without chance."}},
    {"at-least", {"vanaf", "from"}},
    {"within-rows",
     {"Plaatsen en groepen binnen de marge staan hier niet: {1}.",
      "Places and groups within the limits are not shown: {1}."}},
    /* columns */
    {"place", {"plaats", "place"}},
    {"group", {"groep", "group"}},
    {"value", {"waarde", "value"}},
    {"interval", {"marge", "interval"}},
    {"to", {"tot", "to"}},
    {"of-the", {"van de", "of the"}},
    {"n", {"n", "n"}},
    {"benchmark", {"maat", "benchmark"}},
    {"reference", {"vergeleken met", "against"}},
    {"seen", {"waargenomen", "perceived"}},
    {"window", {"periode", "period"}},
    {"note", {"noot", "note"}},
    {"q", {"q", "q"}},
    {"detectable", {"aantoonbaar vanaf", "detectable from"}},
    {"term", {"onderdeel", "part"}},
    {"caption-plain", {"{1}", "{1}"}},
    {"caption-seen", {"groep waargenomen {1}", "group perceived {1}"}},
    {"caption-reference", {"vergeleken met {1}", "against {1}"}},
    {"caption-benchmark", {"vergelijkingsmaat: {1}", "benchmark: {1}"}},
    {"unit-difference", {"in procentpunten", "in percentage points"}},
    {"unit-gap", {"in punten (schaal 0 tot 100)", "in points (scale 0 to 100)"}},
    {"unit-statistic", {"toetsgrootheid chi-kwadraat", "chi-squared statistic"}},
    {"city", {"hele stad", "whole city"}},
    {"area", {"gebied", "area"}},
    {"unit", {"eenheid", "unit"}},
    {"everybody", {"iedereen", "everybody"}},
    {"others", {"alle anderen", "all others"}},
    {"too-little", {"te weinig om iets te zeggen", "too little to say anything"}},
    {"more-rows",
     {"Regels die hier niet staan: {1}. De csv heeft alle cijfers.",
      "Rows not shown here: {1}. The csv has all figures."}},
    {"too-little-rows",
     {"Cijfers met te weinig om iets te zeggen: {1}.",
      "Figures with too little to say anything: {1}."}},
    {"undefined-rows",
     {"Cijfers die niet te bepalen zijn ({2}): {1}.", "Figures that are undefined ({2}): {1}."}},
    /* windows and perspectives */
    {"month", {"deze maand", "this month"}},
    {"3-months", {"drie maanden", "three months"}},
    {"12-months", {"twaalf maanden", "twelve months"}},
    {"year-to-date", {"dit jaar tot nu", "year to date"}},
    {"before_contact", {"voor het contact", "before contact"}},
    {"after_contact", {"na het contact", "after contact"}},
    {"self", {"door de persoon zelf", "by the person"}},
    /* benchmarks */
    {"residents", {"bewoners", "residents"}},
    {"low-discretion", {"controles zonder eigen keuze", "stops without own choice"}},
    {"previous-year", {"een jaar eerder", "a year earlier"}},
    /* measures */
    {"robust",
     {"Wijzen beide toetsen dezelfde kant op? (robuuste toets)",
      "Do both tests point the same way? (robust test)"}},
    {"robust-pooled-stop",
     {"gecontroleerd worden, binnen plaatsen", "being stopped, within places"}},
    {"robust-pooled-search", {"doorzoeken, binnen plaatsen", "search, within places"}},
    {"robust-against", {"nadeel groep", "against group"}},
    {"robust-doubtful", {"misschien nadeel", "maybe against"}},
    {"robust-inconclusive", {"geen conclusie", "inconclusive"}},
    {"robust-opposite", {"andersom", "other way"}},
    {"inconclusive-rows",
     {"Plaatsen en groepen zonder conclusie staan hier niet: {1}.",
      "Places and groups without a conclusion are not shown: {1}."}},
    {"glm-ratio",
     {"Hoe vaak gecontroleerd, alle plaatsen samen in een model",
      "How often stopped, all places in a model"}},
    {"glm-ratio-quasipoisson", {"quasi-Poisson", "quasi-Poisson"}},
    {"glm-ratio-negbin", {"negatief binomiaal", "negative binomial"}},
    {"shrunk-ratio",
     {"Hoe vaak gecontroleerd, kleine plaatsen gesteund door de andere",
      "How often stopped, small places steadied by the others"}},
    {"funnel",
     {"Welke plaatsen vallen buiten de marge voor hun omvang? (trechter)",
      "Which places lie outside the limits for their size? (funnel)"}},
    {"local-fdr",
     {"Hoort het bij de gewone middenmoot? (lokale fdr)", "Is it one of the bulk? (local fdr)"}},
    {"e-value",
     {"Hoe sterk moet iets onbekends zijn om dit te verklaren? (E-waarde)",
      "How strong must something unknown be to explain this? (E-value)"}},
    {"tipping",
     {"Hoeveel ontbrekende registraties heffen het verschil op? (kantelpunt)",
      "How many missing registrations undo the difference? (tipping point)"}},
    {"tipping-exact", {"deze plaats alleen", "this place alone"}},
    {"tipping-pooled", {"alle plaatsen samen", "all places pooled"}},
    {"tipping-curve",
     {"Kantelpunt: welk deel van wat ontbreekt, moet van de groep zijn",
      "Tipping point: which share of the missing must be the group's"}},
    {"search-bounds",
     {"Persoon of voertuig doorzocht: verschil als de controle zelf al scheef is",
      "Person or vehicle searched: difference when the stop itself is biased"}},
    {"hit", {"treffers", "hits"}},
    {"stop-rate", {"Controles per 1.000 bewoners", "Stops per 1,000 residents"}},
    {"rate-ratio", {"Hoe vaak gecontroleerd, per plaats", "How often stopped, by place"}},
    {"pooled-rate-ratio",
     {"Hoe vaak gecontroleerd, alle plaatsen samen", "How often stopped, all places pooled"}},
    {"standardised-ratio",
     {"Hoe vaak gecontroleerd, alsof iedereen even verspreid woont",
      "How often stopped, as if all lived equally spread"}},
    {"standardised-rate",
     {"Controles per 1.000 bewoners, alsof iedereen even verspreid woont",
      "Stops per 1,000 residents, as if all lived equally spread"}},
    {"homogeneity", {"Verschilt dit tussen plaatsen?", "Does this differ between places?"}},
    {"search-rate", {"Persoon of voertuig doorzocht", "Person or vehicle searched"}},
    {"search-difference",
     {"Persoon of voertuig doorzocht, verschil", "Person or vehicle searched, difference"}},
    {"pooled-search-odds-ratio",
     {"Persoon of voertuig doorzocht: kansverhouding, alle plaatsen samen",
      "Person or vehicle searched: odds ratio, all places pooled"}},
    {"search-cmh", {"Toets: persoon of voertuig doorzocht", "Test: person or vehicle searched"}},
    {"hit-rate-strict",
     {"Treffers (strafbaar en passend bij de reden)", "Hits (illegal and linked to the reason)"}},
    {"hit-difference-strict", {"Treffers strikt, verschil", "Strict hits, difference"}},
    {"pooled-hit-odds-ratio-strict",
     {"Strikte treffer: kansverhouding, alle plaatsen samen",
      "Odds of a strict hit, all places pooled"}},
    {"hit-cmh-strict", {"Toets: strikte treffers", "Test: strict hits"}},
    {"hit-rate-broad", {"Treffers ruim (elke sanctie)", "Broad hits (any sanction)"}},
    {"hit-difference-broad", {"Treffers ruim, verschil", "Broad hits, difference"}},
    {"pooled-hit-odds-ratio-broad",
     {"Ruime treffer: kansverhouding, alle plaatsen samen",
      "Odds of a broad hit, all places pooled"}},
    {"hit-cmh-broad", {"Toets: ruime treffers", "Test: broad hits"}},
    {"index-selection", {"Eerlijke selectie (0-100)", "Fair selection (0-100)"}},
    {"index-gap-selection", {"Eerlijke selectie, verschil", "Fair selection, gap"}},
    {"index-explanation", {"Ongevraagd uitleg gegeven (0-100)", "Explained unprompted (0-100)"}},
    {"index-gap-explanation", {"Ongevraagd uitleg gegeven, verschil", "Explained unprompted, gap"}},
    {"index-respect", {"Bejegening (0-100)", "Respectful treatment (0-100)"}},
    {"index-gap-respect", {"Bejegening, verschil", "Respectful treatment, gap"}},
    {"index-reflection",
     {"Terugkijken binnen 7 dagen (0-100)", "Reflection within 7 days (0-100)"}},
    {"index-gap-reflection",
     {"Terugkijken binnen 7 dagen, verschil", "Reflection within 7 days, gap"}},
    {"treated-plainly", {"Zonder onnodig geweld of dwang", "Without needless force or flag"}},
    {"bodycam-full", {"Bodycam hele controle aan", "Bodycam on throughout"}},
    {"bodycam-difference",
     {"Bodycam hele controle aan, verschil", "Bodycam on throughout, difference"}},
    {"explained-unprompted", {"Reden ongevraagd verteld", "Reason told unprompted"}},
    {"reason-match",
     {"Vertelde reden past bij de reden in de registratie", "Reason told matches reason recorded"}},
    {"only-weak-reasons",
     {"Alleen gevoelige redenen of omstandigheden", "Only sensitive reasons or circumstances"}},
    {"only-weak-difference",
     {"Alleen gevoelige redenen of omstandigheden, verschil",
      "Only sensitive reasons or circumstances, difference"}},
    {"boilerplate", {"Standaardzin als toelichting", "Stock phrase as explanation"}},
    {"repeat-burden",
     {"Deel van de controles van mensen die al vaak (3 keer of meer) zijn gecontroleerd",
      "Share of stops of people stopped often (3 times or more)"}},
    {"reason-share", {"Genoemde reden", "Stated reason"}},
    {"reason-difference", {"Genoemde reden, verschil", "Stated reason, difference"}},
    {"reason-distance",
     {"Hoe ver de redenen uiteenlopen (0 gelijk, 1 geheel anders)",
      "How far reasons differ (0 the same, 1 nothing in common)"}},
    {"alike",
     {"Vergelijkbare controles: verschil tussen groepen",
      "Similar stops: difference between groups"}},
    {"index-gap",
     {"Indices, verschil bij gelijke plek, uur en wettelijke grond",
      "Indices, gap at equal place, hour and legal basis"}},
    {"team",
     {"Eenheid naast vergelijkbare controles van andere eenheden",
      "Unit beside similar stops of other units"}},
    {"risk-adjusted",
     {"Doorzocht bij gelijke kans op een vondst, verschil",
      "Searched at an equal chance of a find, difference"}},
    {"risk-sensitivity",
     {"Hetzelfde, als die kansen er gemiddeld zoveel naast zitten",
      "The same, if those chances are off by so much on average"}},
    {"risk-tipping",
     {"Hoeveel de kansen ernaast moeten zitten om het verschil weg te nemen",
      "How far the chances must be off to take the difference away"}},
    {"coverage", {"Geregistreerd tegenover andere tellingen", "Registered against other counts"}},
    {"threshold", {"Drempel om te doorzoeken", "Threshold for searching"}},
    {"threshold-difference",
     {"Drempel om te doorzoeken, verschil", "Threshold for searching, difference"}},
    {"group-effect",
     {"Hoe vaak gecontroleerd, model over alle plaatsen",
      "How often stopped, model over all places"}},
    {"veil",
     {"In het donker gecontroleerd, vergeleken met bij daglicht (sluier van de duisternis)",
      "Stopped in the dark against by daylight (veil of darkness)"}},
    {"light", {"donker tegen daglicht", "dark against daylight"}},
    {"light-pooled", {"donker tegen daglicht, plaatsen samen", "dark against daylight, pooled"}},
    {"clock-change",
     {"alleen rond het verzetten van de klok", "only around the change of the clock"}},
    {"before-contact", {"vooraf niet gezien tegen wel gezien", "not seen beforehand against seen"}},
    {"misclassified-ratio",
     {"Hoe vaak gecontroleerd, naar hoe mensen zichzelf noemen",
      "How often stopped, by how people describe themselves"}},
    {"chart", {"De laatste maand naast eerdere maanden", "The last month beside earlier ones"}},
    {"cusum", {"Opgelopen sinds eerdere maanden", "Risen since earlier months"}},
    {"persistent",
     {"In hoeveel van de laatste vier maanden nadelig voor de groep",
      "In how many of the last four months against the group"}},
    {"share-unknown-area", {"Zonder bekende plaats", "Without a known place"}},
    {"share-not-perceived", {"Groep niet waargenomen", "Group not perceived"}},
    /* guards and notes */
    {"A001", {"minder dan 10, of daaruit af te leiden", "fewer than 10, or would give one away"}},
    {"A002", {"minder dan 50 doorzoekingen", "fewer than 50 searches"}},
    {"A003", {"te weinig ingevuld", "hardly filled in"}},
    {"A004", {"minder dan drie plaatsen", "fewer than three places"}},
    {"A005", {"geen aantal om door te delen", "no number to divide by"}},
    {"A006",
     {"bewoners van meer dan twee jaar eerder of later",
      "residents of over two years earlier or later"}},
    {"A009", {"te weinig vergelijkbare controles", "too few similar stops"}},
    {"A010",
     {"te weinig groepen of plaatsen voor dit model", "too few groups or places for this model"}},
    {"A011",
     {"het rekenmodel kwam niet tot rust, of past niet bij wat is geteld",
      "the model did not settle, or does not fit what was counted"}},
    {"not-covered", {"in deze maanden niet ingevuld", "not filled in these months"}},
    {"not-in-source", {"dit staat niet in de bron", "not in the source"}},
    {"no-residents", {"aantal bewoners niet bekend", "number of residents not known"}},
    {"no-year-before", {"geen controles een jaar eerder", "no stops a year earlier"}},
    {"no-cases",
     {"geen geval geregistreerd, of niet ingevuld", "no case registered, or not filled in"}},
    {"no-controls", {"geen andere tellingen geladen", "no other counts were loaded"}},
    {"no-hits", {"geen enkele treffer", "not a single hit"}},
    {"no-reasons", {"geen reden geregistreerd", "no reason was registered"}},
    {"no-figures",
     {"niets voor geregistreerd in deze periode", "nothing registered for it in this period"}},
    {"population-vintage",
     {"De bewonerscijfers zijn meer dan twee jaar ouder dan de controles.",
      "The population figures are more than two years older than the stops."}},
    {"months-counted",
     {"Geteld over {1} maanden; omgerekend naar de hele periode waar dat nodig is.",
      "Counted over {1} months; scaled to the whole period where needed."}},
    {"stops-without-residents",
     {"Controles op plekken zonder bewonerscijfers tellen niet mee: {1}.",
      "Stops in places without population figures are left out: {1}."}},
    {"unit-gaps",
     {"Maanden die hier niet meetellen, omdat wie er werkt bijna niets registreerde: {1}.",
      "Months left out here because those who work there registered next to nothing: {1}."}},
    {"places-together",
     {"Plaatsen met te kleine aantallen tellen samen als een plaats: {1}.",
      "Places with numbers that are too small count together as one: {1}."}},
    {"places-left-out",
     {"Plaatsen met te kleine aantallen tellen niet mee: {1}.",
      "Places with numbers that are too small are left out: {1}."}},
    {"parts-missing", {"Niet alle onderdelen zijn bekend.", "Not all parts are known."}},
    {"coverage-under-half", {"minder dan de helft geregistreerd", "less than half registered"}},
    {"coverage-under-80", {"minder dan 80% geregistreerd", "less than 80% registered"}},
    {"sensitive-reason", {"gevoelige reden", "sensitive reason"}},
    {"rhat",
     {"Het rekenmodel is tot rust gekomen: langer rekenen verandert deze cijfers nauwelijks.",
      "The model has settled: computing longer would hardly change these figures."}},
    {"predictive-search-p",
     {"Het model geeft niet precies terug hoe vaak is doorzocht. Let meer op de volgorde van de "
      "groepen dan op het niveau.",
      "The model does not give back exactly how often people were searched. Mind the order of the "
      "groups more than the level."}},
    {"predictive-hit-p",
     {"Het model geeft niet precies terug hoe vaak doorzoeken iets opleverde. Let meer op de "
      "volgorde van de groepen dan op het niveau.",
      "The model does not give back exactly how often searches found something. Mind the order of "
      "the groups more than the level."}},
    {"effective-size",
     {"Na weging zijn de vergelijkbare controles er {1} waard.",
      "After weighting the similar stops are worth {1}."}},
    {"largest-difference",
     {"Grootste verschil dat na weging overbleef: {1} standaardafwijking.",
      "Largest difference left after weighting: {1} standard deviations."}},
    {"no-coordinates",
     {"De ligging van dit gebied is niet ingesteld, dus niet bekend is wanneer het donker was.",
      "The coordinates of this area are not set, so nobody knows when it was dark."}},
    {"times-too-coarse",
     {"Niet meegeteld, omdat de tijd niet op een kwartier bekend is: {1}.",
      "Left out because the time is not known to a quarter of an hour: {1}."}},
    {"residents-perceived",
     {"De bewoners zijn hier geteld zoals anderen hen zouden zien, niet zoals zij zichzelf noemen.",
      "The residents are counted as others would perceive them here, not as they describe "
      "themselves."}},
    {"overdispersed",
     {"De plaatsen lopen verder uiteen dan door toeval. De marge is daarom ruimer (factor {1} op "
      "de "
      "variantie).",
      "Places differ more than chance makes them, so the limits are wider (factor {1} on the "
      "variance)."}},
    {"q-is-local-fdr",
     {"De q is hier de kans dat dit een gewone uitschieter is (lokale fdr).",
      "The q is the chance here that this is one of the bulk (local fdr)."}},
    /* quality */
    {"all-batches",
     {"Van alle leveringen voor deze gebieden tot aan deze analyse, niet van deze maand alleen.",
      "Of all deliveries for these areas up to this analysis, not of this month alone."}},
    {"received", {"ontvangen", "received"}},
    {"accepted", {"aanvaard", "accepted"}},
    {"duplicate", {"dubbel", "duplicate"}},
    {"quarantined", {"apart gezet", "quarantined"}},
    {"refused", {"geweigerd", "refused"}},
    {"source", {"bron", "source"}},
    {"gap-months",
     {"{1}: in {2} van 12 maanden te weinig ingevuld.",
      "{1}: hardly filled in during {2} of 12 months."}},
    {"gap-lacking", {"Dit staat niet in de bron: {1}.", "Not in the source: {1}."}},
    {"gap-absent",
     {"In deze maanden niet ingevuld: {1}.", "Not filled in during these months: {1}."}},
    {"gap-no-stops",
     {"In {2} van 12 maanden zijn geen controles geregistreerd: {1}.",
      "In {2} of 12 months no stops were registered: {1}."}},
    {"gap-few-stops",
     {"In {2} van 12 maanden is minder dan de helft van de controles geregistreerd.",
      "In {2} of 12 months less than half of the stops was registered."}},
    {"plausibility", {"Opvallend per eenheid en maand", "Remarkable by unit and month"}},
    {"findings", {"Bevindingen over eenheden en maanden", "Findings on units and months"}},
    {"findings-none",
     {"Geen bevindingen. Getoetste regels: {1}. Niet te toetsen: {2}. Wat ze zeggen staat in "
      "docs/user-guide/rules.md.",
      "No findings. Rules judged: {1}. Not applicable: {2}. What they say is in "
      "docs/user-guide/rules.md."}},
    {"findings-scope",
     {"Een bevinding is een vraag aan de eenheid, geen oordeel. Er kan een goede reden zijn. "
      "Getoetste regels: {1}. Niet te toetsen: {2}. Wat ze zeggen staat in "
      "docs/user-guide/rules.md.",
      "A finding is a question to the unit, not a verdict. There may be a good reason. Rules "
      "judged: {1}. Not applicable: {2}. What they say is in docs/user-guide/rules.md."}},
    {"more-findings",
     {"Regels die hier niet staan: {1}. Het document (json) heeft alle bevindingen.",
      "Rows not shown here: {1}. The document (json) has all findings."}},
    {"none", {"geen", "none"}},
    {"finding-unit", {"eenheid", "unit"}},
    {"finding-when", {"maand", "month"}},
    {"finding-source", {"bron", "source"}},
    {"finding-value", {"waarde", "value"}},
    {"finding-rest", {"rest van de stad", "rest of the city"}},
    {"finding-n", {"n", "n"}},
    {"finding-total", {"andere telling", "other count"}},
    {"finding-months", {"{1} van 12 maanden", "{1} of 12 months"}},
    {"stored", {"opgeslagen", "stored"}},
    {"failed", {"mislukt", "failed"}},
    {"on-request",
     {"Ook gemeten, niet hier getoond (in de csv, of met --measure en het woord tussen haakjes): "
      "{1}.",
      "Measured too, not shown here (in the csv, or by --measure with the word in brackets): "
      "{1}."}},
    {"not-measured", {"Niet te bepalen", "Not measured"}},
    {"other", {"anders", "other"}},
    {"discretion", {"eigen keuze van de agent", "discretion"}},
    {"search", {"doorzoeken", "search"}},
    {"hit-strict", {"treffer strikt", "strict hit"}},
    {"hit-broad", {"treffer ruim", "broad hit"}},
    {"selection", {"selectie", "selection"}},
    {"weak-reason", {"zwakke redenen", "weak reasons"}},
    {"text", {"toelichting", "text"}},
    {"explained", {"uitleg", "explanation"}},
    {"treated", {"bejegening", "treatment"}},
    {"reflection", {"terugkijken", "reflection"}},
    {"match", {"vertelde reden", "reason told"}},
    {"sanction", {"sanctie", "sanction"}},
    {"stop", {"gecontroleerd worden", "being stopped"}},
    {"outcome", {"treffers", "hits"}},
    {"explanation", {"uitleg", "explanation"}},
    {"respect", {"bejegening", "treatment"}},
    {"bodycam", {"bodycam", "bodycam"}},
    {"group-share", {"deel van de gecontroleerde mensen", "share of the people stopped"}},
    {"repeat", {"eerdere controles", "earlier stops"}},
    {"stops", {"controles", "stops"}},
    {"ledger", {"grootboek", "ledger"}},
    {"document-sha256", {"SHA-256 van het document", "SHA-256 of the document"}},
    /* sentences */
    {"sentence-counted",
     {"In {1} is {2} keer iemand gecontroleerd. In twaalf maanden was dat {3} keer.",
      "In {1} people were stopped {2} times. In twelve months this was {3} times."}},
    {"sentence-counted-months",
     {"In {1} is {2} keer iemand gecontroleerd. In de {4} van de twaalf maanden die meetellen, was "
      "dat {3} keer.",
      "In {1} people were stopped {2} times. In the {4} of the twelve months that count this was "
      "{3} times."}},
    {"verdict-lead",
     {"Is een groep vaker aan de beurt, en levert dat minder op? Alleen als twee toetsen dat samen "
      "laten zien, is er een conclusie (hele stad, twaalf maanden, groep waargenomen {1}).",
      "Is a group stopped or searched more often, and with less result? Only when two tests show "
      "that "
      "together is anything concluded (whole city, twelve months, group perceived {1})."}},
    {"verdict-stop",
     {"Controleren: ja, bij {1}, vergeleken met {2}.", "Stopping: yes, for {1}, against {2}."}},
    {"verdict-stop-none",
     {"Controleren: geen conclusie, bij geen enkele groep.",
      "Stopping: inconclusive for every group."}},
    {"verdict-stop-not-compared",
     {"Controleren: niet te bepalen ({1}).", "Stopping: cannot be said ({1})."}},
    {"verdict-search",
     {"Doorzoeken: ja, bij {1}, vergeleken met {2}.", "Searching: yes, for {1}, against {2}."}},
    {"verdict-search-none",
     {"Doorzoeken: geen conclusie, bij geen enkele groep.",
      "Searching: inconclusive for every group."}},
    {"verdict-search-not-compared",
     {"Doorzoeken: niet te bepalen ({1}).", "Searching: cannot be said ({1})."}},
    {"verdict-places",
     {"Per plaats: in {1} van de {2} plaatsen ja, bij een of meer groepen.",
      "By place: yes in {1} of {2} places, for one group or more."}},
    {"verdict-no-place",
     {"Per plaats: nergens een conclusie ({2} plaatsen).",
      "By place: inconclusive in all {2} places."}},
    {"verdict-caution",
     {"Geen conclusie is iets anders dan geen verschil.",
      "Inconclusive is not the same as equal."}},
    {"sentence-ratio",
     {"{1} zijn in twaalf maanden {2} keer zo vaak gecontroleerd als {3} op dezelfde plek, "
      "gerekend per bewoner (marge {4} tot {5}).",
      "{1} were stopped {2} times as often as {3} in the same place over twelve months, per "
      "resident (interval {4} to {5})."}},
    {"sentence-ratio-city",
     {"{1} zijn in twaalf maanden {2} keer zo vaak gecontroleerd als {3}, gerekend per bewoner van "
      "de hele stad (marge {4} tot {5}). Dit is niet per plaats vergeleken.",
      "{1} were stopped {2} times as often as {3} over twelve months, per resident of the whole "
      "city (interval {4} to {5}). This is not compared place by place."}},
    {"detectable-ratio",
     {"Een verschil was te zien geweest vanaf {1} keer zo vaak bij de ene groep tot {2} keer zo "
      "vaak bij de andere.",
      "A disparity would have been seen from {1} times as often for one group to {2} times as "
      "often for another."}},
    {"detectable-ratio-one",
     {"Een verschil was te zien geweest vanaf {1} keer zo vaak.",
      "A disparity would have been seen from {1} times as often."}},
    {"detectable-points",
     {"Een verschil was te zien geweest vanaf {1} procentpunt bij de ene groep tot {2} procentpunt "
      "bij de andere.",
      "A disparity would have been seen from {1} percentage points for one group to {2} for "
      "another."}},
    {"detectable-points-one",
     {"Een verschil was te zien geweest vanaf {1} procentpunt.",
      "A disparity would have been seen from {1} percentage points."}},
    {"detectable-gap",
     {"Een verschil was te zien geweest vanaf {1} punten bij de ene groep tot {2} punten bij de "
      "andere.",
      "A disparity would have been seen from {1} points for one group to {2} for another."}},
    {"detectable-gap-one",
     {"Een verschil was te zien geweest vanaf {1} punten.",
      "A disparity would have been seen from {1} points."}},
    {"sentence-none",
     {"Met deze aantallen is niet te zien dat een groep in twaalf maanden per bewoner vaker is "
      "gecontroleerd dan {1}.",
      "These numbers do not show that any group was stopped more often per resident than {1} over "
      "twelve months."}},
    {"sentence-not-compared",
     {"Of een groep per bewoner vaker is gecontroleerd dan {1}, is niet te bepalen ({2}).",
      "Whether a group was stopped more often per resident than {1} cannot be said ({2})."}},
    {"no-groups", {"er is geen groep geregistreerd", "no group was registered"}},
    {"sentence-search",
     {"{1} zijn {2} dan {3} doorzocht (kansverhouding {4}, marge {5} tot {6}).",
      "{1} were searched {2} than {3} (odds ratio {4}, interval {5} to {6})."}},
    {"sentence-search-none",
     {"Met deze aantallen is niet te zien dat een groep vaker of minder vaak wordt doorzocht dan "
      "{1}.",
      "These numbers do not show that any group was searched more or less often than {1}."}},
    {"sentence-search-not-compared",
     {"Of een groep vaker wordt doorzocht dan {1}, is niet te bepalen ({2}).",
      "Whether a group was searched more often than {1} cannot be said ({2})."}},
    {"sentence-hit",
     {"Bij {1} leverde doorzoeken {2} dan bij {3} iets strafbaars op dat bij de reden past "
      "(kansverhouding {4}, marge {5} tot {6}).",
      "Searches of {1} found something illegal that fits the reason {2} than searches of {3} "
      "(odds ratio {4}, interval {5} to {6})."}},
    {"sentence-hit-none",
     {"Met deze aantallen is niet te zien dat doorzoeken bij een groep vaker of minder vaak dan "
      "bij {1} iets strafbaars oplevert dat bij de reden past.",
      "These numbers do not show that searches of any group found something illegal that fits the "
      "reason more or less often than searches of {1}."}},
    {"sentence-hit-not-compared",
     {"Of doorzoeken bij een groep minder vaak iets strafbaars oplevert dat bij de reden past, is "
      "niet te bepalen ({2}).",
      "Whether searches of a group found something illegal that fits the reason less often cannot "
      "be said ({2})."}},
    {"sentence-explanation",
     {"{1} kregen {2} dan {3} ongevraagd uitleg die past bij de registratie: {4} punten verschil "
      "op een schaal van 0 tot 100 (marge {5} tot {6}). Dit is niet gecorrigeerd voor plek, uur of "
      "wettelijke grond.",
      "{1} were {2} than {3} told the reason unprompted and as recorded: a gap of {4} points on a "
      "scale of 0 to 100 (interval {5} to {6}). This is not adjusted for place, hour or legal "
      "basis."}},
    {"sentence-explanation-none",
     {"Met deze aantallen is niet te zien dat een groep vaker of minder vaak dan {1} ongevraagd "
      "uitleg kreeg.",
      "These numbers do not show that any group was told the reason unprompted more or less often "
      "than {1}."}},
    {"sentence-explanation-not-compared",
     {"Of een groep minder vaak dan {1} ongevraagd uitleg kreeg, is niet te bepalen ({2}).",
      "Whether a group was told the reason unprompted less often than {1} cannot be said ({2})."}},
    {"sentence-missing",
     {"Wat ontbreekt of minder zeker is: {1}.", "What is missing or less certain: {1}."}},
    {"missing-vintage",
     {"de cijfers over bewoners zijn van {1}, meer dan twee jaar ouder dan de controles",
      "the population figures are of {1}, more than two years older than the stops"}},
    {"missing-records",
     {"van alle opgeslagen leveringen tot nu toe is het aantal registraties dat niet is aanvaard "
      "{1}",
      "the number of records not accepted, of all stored deliveries so far, is {1}"}},
    {"missing-share-unknown-area",
     {"bij {1}% van de controles is de plaats niet bekend",
      "the place is not known in {1}% of the stops"}},
    {"missing-before_contact",
     {"bij {1}% van de controles heeft de agent voor het contact geen groep waargenomen",
      "before contact no group was perceived in {1}% of the stops"}},
    {"missing-after_contact",
     {"bij {1}% van de controles heeft de agent na het contact geen groep waargenomen",
      "after contact no group was perceived in {1}% of the stops"}},
    {"missing-self",
     {"bij {1}% van de controles heeft de persoon geen groep genoemd",
      "in {1}% of the stops the person named no group"}},
    {"missing-fields", {"te weinig ingevuld: {1}", "hardly filled in: {1}"}},
    {"missing-in-source", {"niet in de bron: {1}", "not in the source: {1}"}},
    {"missing-absent", {"in deze maanden niet ingevuld: {1}", "not filled in these months: {1}"}},
    {"missing-no-stops",
     {"in {2} van 12 maanden zijn geen controles geregistreerd: {1}",
      "in {2} of 12 months no stops were registered: {1}"}},
    {"missing-few-stops",
     {"in {2} van 12 maanden is minder dan de helft van de controles geregistreerd",
      "in {2} of 12 months less than half of the stops was registered"}},
    {"until", {"tot en met", "to"}},
    /* parts of sentences */
    {"people-before_contact",
     {"mensen die de agent voor het contact zag als '{1}',",
      "people perceived before contact as '{1}'"}},
    {"people-after_contact",
     {"mensen die de agent na het contact zag als '{1}',",
      "people perceived after contact as '{1}'"}},
    {"people-self",
     {"mensen die zichzelf '{1}' noemen,", "people who describe themselves as '{1}'"}},
    {"people-same", {"hen", "them"}},
    {"more-often", {"vaker", "more often"}},
    {"less-often", {"minder vaak", "less often"}},
    {"month-1", {"januari", "January"}},
    {"month-2", {"februari", "February"}},
    {"month-3", {"maart", "March"}},
    {"month-4", {"april", "April"}},
    {"month-5", {"mei", "May"}},
    {"month-6", {"juni", "June"}},
    {"month-7", {"juli", "July"}},
    {"month-8", {"augustus", "August"}},
    {"month-9", {"september", "September"}},
    {"month-10", {"oktober", "October"}},
    {"month-11", {"november", "November"}},
    {"month-12", {"december", "December"}},
/* rules of units, from their one table */
#define X(code, severity, percent, nl, en, reading) {#code, {nl, en}},
    UNIT_RULES(X)
#undef X
};

enum { TEXTS = sizeof texts / sizeof *texts };

static const struct text_row *
row_of(size_t i)
{
    return i < TEXTS ? &texts[i] : &signal_texts[i - TEXTS];
}

const char *
text_find(const char *key, enum language language)
{
    for (size_t i = 0; i < text_count(); i++)
        if (strcmp(row_of(i)->key, key) == 0)
            return row_of(i)->in[language];
    return NULL;
}

const char *
text(const char *key, enum language language)
{
    const char *const found = text_find(key, language);

    return found ? found : key;
}

const char *
text_fill(struct arena *a, const char *key, enum language language, const char *const *values)
{
    struct strbuf *const b = strbuf_new(a, 65536);

    for (const char *at = text(key, language); *at;) {
        if (at[0] == '{' && at[1] >= '1' && at[1] <= '9' && at[2] == '}') {
            strbuf_add_text(b, values[at[1] - '1']);
            at += 3;
        } else {
            strbuf_add_char(b, *at++);
        }
    }
    return b->data;
}

size_t
text_count(void)
{
    return TEXTS + signal_text_count;
}

const char *
text_key(size_t i)
{
    return row_of(i)->key;
}
