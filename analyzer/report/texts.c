/* SPDX-License-Identifier: EUPL-1.2 */
#include "analyzer/report/texts.h"

#include "common/str.h"

#include <string.h>

const char *const language_codes[LANGUAGES] = {"nl", "en"};

static const struct {
    const char *key, *in[LANGUAGES];
} texts[] = {
    /* headings */
    {"title", {"Analyse van controles", "Analysis of stops"}},
    {"run", {"analyse", "run"}},
    {"counted", {"Wat is geteld", "What was counted"}},
    {"headline", {"In het kort", "In short"}},
    {"quality", {"Kwaliteit van de registratie", "Quality of the registration"}},
    {"skip", {"Naar de inhoud", "Skip to content"}},
    {"contents", {"Inhoud", "Contents"}},
    {"reading", {"Hoe leest u dit", "How to read this"}},
    /* how to read */
    {"read-interval",
     {"Elk cijfer staat met zijn marge (95% zekerheid) en met het aantal waarop het rust (n).",
      "Every figure stands with its interval (95% confidence) and the number it rests on (n)."}},
    {"read-ratio",
     {"Een verhouding van 1 betekent: even vaak als alle anderen op dezelfde plek.",
      "A ratio of 1 means: as often as all others in the same place."}},
    {"read-benchmark",
     {"Elke vergelijkingsmaat is op een eigen manier onvolledig. Daarom staan ze naast elkaar.",
      "Every benchmark is wrong in its own way. That is why they stand side by side."}},
    {"read-discrimination",
     {"Een verschil is nog geen discriminatie. Geen verschil is geen bewijs dat die er niet is.",
      "A disparity is not yet discrimination. No disparity is no proof that there is none."}},
    {"read-detectable",
     {"'Aantoonbaar vanaf' zegt hoe groot een verschil moet zijn om het met dit aantal te zien.",
      "'Detectable' says how large a disparity must be for these numbers to show it."}},
    {"read-hit",
     {"Lagere treffers kunnen wijzen op een lagere drempel, maar bewijzen die niet.",
      "Lower hit rates may point to a lower threshold, but do not prove one."}},
    {"read-bridge",
     {"Bewoners zijn door CBS geteld naar herkomst, niet naar uiterlijk. De omrekening is een "
      "aanname.",
      "Residents are counted by origin, not by looks. The conversion is an assumption."}},
    {"read-gap",
     {"Het verschil tussen groepen is hier ruw: niet gecorrigeerd voor plek, uur of wettelijke "
      "grond.",
      "The gap between groups is raw here: not adjusted for place, hour or legal basis."}},
    /* columns */
    {"place", {"plaats", "place"}},
    {"group", {"groep", "group"}},
    {"seen", {"gezien", "perceived"}},
    {"value", {"waarde", "value"}},
    {"interval", {"marge", "interval"}},
    {"n", {"n", "n"}},
    {"benchmark", {"vergeleken met", "benchmark"}},
    {"reference", {"tegenover", "against"}},
    {"q", {"q", "q"}},
    {"detectable", {"aantoonbaar", "detectable"}},
    {"term", {"onderdeel", "part"}},
    {"city", {"hele stad", "whole city"}},
    {"everybody", {"iedereen", "everybody"}},
    {"others", {"alle anderen", "all others"}},
    {"too-little", {"te weinig om iets te zeggen", "too little to say anything"}},
    {"more-rows",
     {"nog {1} regels; alle cijfers staan in de csv", "{1} more rows; the csv has all figures"}},
    {"too-little-rows",
     {"bij {1} cijfers: te weinig om iets te zeggen",
      "in {1} figures: too little to say anything"}},
    {"undefined-rows",
     {"{1} cijfers zijn niet te bepalen ({2})", "{1} figures are undefined ({2})"}},
    {"no-figures", {"geen cijfers", "no figures"}},
    /* windows and perspectives */
    {"month", {"deze maand", "this month"}},
    {"3-months", {"drie maanden", "three months"}},
    {"12-months", {"twaalf maanden", "twelve months"}},
    {"year-to-date", {"dit jaar tot nu", "year to date"}},
    {"before_contact", {"voor het contact", "before contact"}},
    {"after_contact", {"na het contact", "after contact"}},
    {"self", {"zelf opgegeven", "self-described"}},
    /* benchmarks */
    {"residents", {"bewoners", "residents"}},
    {"low-discretion", {"controles zonder eigen keuze", "stops without own choice"}},
    {"previous-year", {"een jaar eerder", "a year earlier"}},
    /* measures */
    {"stop-rate", {"Controles per 1.000 bewoners", "Stops per 1,000 residents"}},
    {"rate-ratio",
     {"Hoe vaak gecontroleerd, tegenover anderen", "How often stopped, against others"}},
    {"pooled-rate-ratio",
     {"Hoe vaak gecontroleerd, alle plaatsen samen", "How often stopped, all places pooled"}},
    {"homogeneity", {"Verschilt dit tussen plaatsen?", "Does this differ between places?"}},
    {"search-rate", {"Deel dat wordt doorzocht", "Share searched"}},
    {"search-difference", {"Doorzocht, verschil met anderen", "Searched, difference from others"}},
    {"pooled-search-odds-ratio",
     {"Kans op doorzoeken, alle plaatsen samen", "Odds of a search, all places pooled"}},
    {"search-cmh", {"Toets: doorzoeken", "Test: searches"}},
    {"hit-rate-strict",
     {"Treffers (strafbaar en passend bij de reden)", "Hits (illegal and linked to the reason)"}},
    {"hit-difference-strict",
     {"Treffers strikt, verschil met anderen", "Strict hits, difference from others"}},
    {"pooled-hit-odds-ratio-strict",
     {"Kans op een strikte treffer, alle plaatsen samen",
      "Odds of a strict hit, all places pooled"}},
    {"hit-cmh-strict", {"Toets: strikte treffers", "Test: strict hits"}},
    {"hit-rate-broad", {"Treffers ruim (elke sanctie)", "Broad hits (any sanction)"}},
    {"hit-difference-broad",
     {"Treffers ruim, verschil met anderen", "Broad hits, difference from others"}},
    {"pooled-hit-odds-ratio-broad",
     {"Kans op een ruime treffer, alle plaatsen samen", "Odds of a broad hit, all places pooled"}},
    {"hit-cmh-broad", {"Toets: ruime treffers", "Test: broad hits"}},
    {"index-selection", {"Eerlijke selectie (0-100)", "Fair selection (0-100)"}},
    {"index-gap-selection",
     {"Eerlijke selectie, verschil in punten", "Fair selection, gap in points"}},
    {"index-explanation", {"Uitleg uit zichzelf (0-100)", "Explained unprompted (0-100)"}},
    {"index-gap-explanation", {"Uitleg, verschil in punten", "Explanation, gap in points"}},
    {"index-respect", {"Bejegening (0-100)", "Respectful treatment (0-100)"}},
    {"index-gap-respect", {"Bejegening, verschil in punten", "Treatment, gap in points"}},
    {"index-reflection",
     {"Terugkijken binnen 7 dagen (0-100)", "Reflection within 7 days (0-100)"}},
    {"index-gap-reflection", {"Terugkijken, verschil in punten", "Reflection, gap in points"}},
    {"treated-plainly",
     {"Zonder geweld of dwang buiten noodzaak", "No force or flag without need"}},
    {"bodycam-full", {"Bodycam hele controle aan", "Bodycam on throughout"}},
    {"bodycam-difference", {"Bodycam, verschil met anderen", "Bodycam, difference from others"}},
    {"explained-unprompted", {"Reden uit zichzelf verteld", "Reason told unprompted"}},
    {"reason-match",
     {"Vertelde reden past bij de reden in de registratie", "Reason told matches reason recorded"}},
    {"only-weak-reasons",
     {"Alleen gevoelige redenen of omstandigheden", "Only sensitive reasons or circumstances"}},
    {"only-weak-difference", {"Alleen zwakke redenen, verschil", "Only weak reasons, difference"}},
    {"boilerplate", {"Standaardzin als toelichting", "Stock phrase as explanation"}},
    {"repeat-burden",
     {"Deel van de controles bij wie al vaak (3 keer of meer) is gecontroleerd",
      "Share of stops of people stopped often (3 times or more)"}},
    {"reason-share", {"Genoemde reden", "Stated reason"}},
    {"reason-difference",
     {"Genoemde reden, verschil met anderen", "Stated reason, difference from others"}},
    {"reason-distance",
     {"Hoe ver de redenen uiteenlopen (0 gelijk, 1 geheel anders)",
      "How far reasons differ (0 the same, 1 nothing in common)"}},
    {"coverage", {"Geregistreerd tegenover andere tellingen", "Registered against other counts"}},
    {"share-unknown-area", {"Zonder bekende plaats", "Without a known place"}},
    {"share-not-perceived", {"Groep niet waargenomen", "Group not perceived"}},
    /* guards and notes */
    {"A001", {"minder dan 10, of daaruit af te leiden", "fewer than 10, or would give one away"}},
    {"A002", {"minder dan 50 doorzoekingen", "fewer than 50 searches"}},
    {"A003", {"te weinig ingevuld", "hardly filled in"}},
    {"A004", {"minder dan drie plaatsen", "fewer than three places"}},
    {"A005", {"niets om door te delen", "nothing to divide by"}},
    {"population-vintage",
     {"De bewonerscijfers zijn meer dan twee jaar ouder dan de controles.",
      "The population figures are more than two years older than the stops."}},
    {"months-left-out",
     {"Een of meer maanden tellen niet mee.", "One or more months are left out."}},
    {"parts-missing", {"Niet alle onderdelen zijn bekend.", "Not all parts are known."}},
    {"coverage-under-half", {"minder dan de helft geregistreerd", "less than half registered"}},
    {"coverage-under-80", {"minder dan 80% geregistreerd", "less than 80% registered"}},
    {"sensitive-reason", {"gevoelige reden", "sensitive reason"}},
    /* quality */
    {"received", {"ontvangen", "received"}},
    {"accepted", {"aanvaard", "accepted"}},
    {"duplicate", {"dubbel", "duplicate"}},
    {"quarantined", {"apart gezet", "quarantined"}},
    {"refused", {"geweigerd", "refused"}},
    {"source", {"bron", "source"}},
    {"gap", {"Niet meegeteld", "Left out"}},
    {"gap-months",
     {"{1}: {2} van 12 maanden te weinig ingevuld", "{1}: hardly filled in in {2} of 12 months"}},
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
    {"sanction", {"sanctie", "sanction"}},
    {"repeat", {"eerdere controles", "earlier stops"}},
    {"stops", {"controles", "stops"}},
    {"ledger", {"grootboek", "ledger"}},
    {"late", {"laat geregistreerd (W033)", "registered late (W033)"}},
    {"coarse", {"tijd niet nauwkeurig (W035)", "time not precise (W035)"}},
    /* sentences */
    {"sentence-counted",
     {"In {1} zijn {2} personen gecontroleerd; in twaalf maanden {3}.",
      "In {1} {2} persons were stopped; in twelve months {3}."}},
    {"sentence-ratio",
     {"{1} ({2}) wordt over twaalf maanden {3} keer zo vaak gecontroleerd als {4}, gemeten tegen "
      "{5} "
      "(marge {6} tot {7}).",
      "{1} ({2}) was stopped {3} times as often as {4} over twelve months, measured against {5} "
      "(interval {6} to {7})."}},
    {"sentence-none",
     {"Met deze aantallen is over twaalf maanden geen verschil aangetoond dat na correctie "
      "standhoudt.",
      "With these numbers no disparity over twelve months holds after adjustment."}},
};

enum { TEXTS = sizeof texts / sizeof *texts };

const char *
text_find(const char *key, enum language language)
{
    for (size_t i = 0; i < TEXTS; i++)
        if (strcmp(texts[i].key, key) == 0)
            return texts[i].in[language];
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
    return TEXTS;
}

const char *
text_key(size_t i)
{
    return texts[i].key;
}
