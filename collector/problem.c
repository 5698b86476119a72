/* SPDX-License-Identifier: EUPL-1.2 */
/* The table of problems and the document made from a row of it; texts of rules are the rules'. */
#include "collector/problem.h"
#include "collector/report.h"

#include <string.h>

const struct problem_kind problem_kinds[] = {
    {"refused", "The request was refused", "Het verzoek is geweigerd",
     "The request cannot be handled as it is.", "Het verzoek kan zo niet worden behandeld."},
    {"syntax", "Not HTTP as it should be", "Geen goed HTTP",
     "The request breaks the rules of HTTP. The connection is closed.",
     "Het verzoek volgt de regels van HTTP niet. De verbinding wordt gesloten."},
    {"framing", "The length of the body is not clear",
     "De lengte van het bericht is niet duidelijk",
     "Give exactly one Content-Length, or chunks. The connection is closed.",
     "Geef precies één Content-Length, of stukken. De verbinding wordt gesloten."},
    {"host", "Not the name of this service", "Niet de naam van deze dienst",
     "The field Host is missing, given twice, or names another service.",
     "Het veld Host ontbreekt, is dubbel of noemt een andere dienst."},
    {"parameter", "A parameter is wrong", "Een parameter klopt niet",
     "The path or the query holds what is not known here, or not in this form.",
     "Het pad of de query bevat iets dat hier niet bekend is, of niet in deze vorm."},
    {"not-found", "Not found", "Niet gevonden", "There is nothing here, or nothing of this sender.",
     "Hier is niets, of niets van deze afzender."},
    {"method", "Not with this method", "Niet met deze methode",
     "This place does not know the method. The field Allow names those that it knows.",
     "Deze plek kent de methode niet. Het veld Allow noemt de methoden die wel kunnen."},
    {"too-slow", "Too slow", "Te langzaam", "The request was not complete in time.",
     "Het verzoek was niet op tijd compleet."},
    {"too-large", "Too large", "Te groot", "The body is larger than is allowed here.",
     "Het bericht is groter dan hier mag."},
    {"uri-too-long", "The address is too long", "Het adres is te lang",
     "The address is longer than is allowed.", "Het adres is langer dan mag."},
    {"media", "Not this kind of content", "Niet dit soort inhoud",
     "Content-Type is missing or not the one of this place, or the content is compressed.",
     "Content-Type ontbreekt of hoort niet bij deze plek, of de inhoud is gecomprimeerd."},
    {"expectation", "An expectation that is not known", "Een verwachting die niet bekend is",
     "Of Expect only 100-continue is known.", "Van Expect is alleen 100-continue bekend."},
    {"head-too-large", "Too many header fields", "Te veel velden",
     "The head of the request is larger than is allowed.", "De kop van het verzoek is te groot."},
    {"busy", "Busy", "Bezet", "Nothing was kept. Try again after the time in Retry-After.",
     "Er is niets bewaard. Probeer het opnieuw na de tijd in Retry-After."},
    {"version", "Not this version of HTTP", "Niet deze versie van HTTP", "Use HTTP/1.1.",
     "Gebruik HTTP/1.1."},
    {"storage", "No room", "Geen ruimte", "There is no room for the body. Nothing was kept.",
     "Er is geen ruimte voor het bericht. Er is niets bewaard."},
    {"no-identity", "Who sends this is not known", "De afzender is niet bekend",
     "A valid bearer token or a known client certificate is needed.",
     "Een geldig token of een bekend certificaat is nodig."},
    {"too-many-guesses", "Too many wrong tokens", "Te veel foute tokens",
     "Too many requests without a valid identity came from this address.",
     "Er kwamen van dit adres te veel verzoeken zonder geldige afzender."},
    {"too-many-requests", "Too many requests", "Te veel verzoeken",
     "This sender sends more than is allowed in this time. Nothing was kept.",
     "Deze afzender stuurt meer dan in deze tijd mag. Er is niets bewaard."},
    {"other-source", "Of another source", "Van een andere bron",
     "The sender may only hand over what is of its own source system. Nothing was kept.",
     "De afzender mag alleen aanleveren voor zijn eigen bronsysteem. Er is niets bewaard."},
    {"revoked", "The identity no longer holds", "De afzender is ingetrokken",
     "The identity was revoked or ended before this could be stored. Nothing was kept.",
     "De afzender is ingetrokken of verlopen voordat dit kon worden opgeslagen. Er is niets "
     "bewaard."},
    {"invalid", "The content breaks rules", "De inhoud volgt de regels niet",
     "Nothing was stored. All rules that were broken are listed.",
     "Er is niets opgeslagen. Alle regels die niet zijn gevolgd, staan in de lijst."},
    {"conflict", "In conflict with what is stored", "In strijd met wat is opgeslagen",
     "Something else is stored under this record number, or it can no longer be changed.",
     "Onder dit registratienummer is iets anders opgeslagen, of het kan niet meer worden "
     "gewijzigd."},
    {"other-record", "Not the record of the address", "Niet de registratie van het adres",
     "source_system, source_record_no or tx_type in the body is not what this address stands for.",
     "source_system, source_record_no of tx_type in het bericht is niet wat bij dit adres hoort."},
    {"other-content", "Not what was announced", "Niet wat was aangekondigd",
     "The SHA-256 of what arrived is not the one that was given.",
     "De SHA-256 van wat aankwam is niet de opgegeven SHA-256."},
    {"unavailable", "Not available now", "Nu niet beschikbaar",
     "The database does not answer. Try again after the time in Retry-After.",
     "De database antwoordt niet. Probeer het opnieuw na de tijd in Retry-After."},
    {"internal", "A fault of the service", "Een fout van de dienst",
     "The service made a fault, which its log describes.",
     "De dienst maakte een fout. Die staat beschreven in het logboek."},
};
const unsigned problem_kind_count = sizeof problem_kinds / sizeof *problem_kinds;

const struct problem_kind *
problem_kind_find(const char *code)
{
    for (unsigned i = 0; i < problem_kind_count; i++)
        if (strcmp(problem_kinds[i].code, code) == 0)
            return &problem_kinds[i];
    return &problem_kinds[0];
}

enum { VIOLATIONS_MOST = 200 }; /* no registration has more by mistake */

json_t *
problem_violations(struct arena *a, const struct finding *notes, unsigned count)
{
    json_t *const list = json_own(a, json_array());

    for (unsigned i = 0; i < count && i < VIOLATIONS_MOST; i++) {
        const struct finding *const f = &notes[i];
        const struct rule *const rule = &rules[f->rule];
        json_t *const o = json_object();

        json_array_append_new(list, o);
        json_object_set_new(o, "code", json_string(rule->code));
        json_object_set_new(o, "severity", json_string(severity_letter(rule->severity)));
        json_object_set_new(o, "pointer", json_string(finding_pointer(a, f)));
        if (f->person_seq > 0)
            json_object_set_new(o, "person_seq", json_integer(f->person_seq));
        if (f->reason)
            json_object_set_new(o, "reason", json_string(f->reason));
        json_object_set_new(o, "message_nl", json_string(rule->nl));
        json_object_set_new(o, "message_en", json_string(rule->en));
        json_object_set_new(o, "rule_version", json_string(rule->since));
    }
    return list;
}

void
problem_write(struct strbuf *out, struct arena *a, int status, const char *code,
              const struct finding *notes, unsigned count)
{
    const struct problem_kind *const kind = problem_kind_find(code);
    json_t *const o = json_own(a, json_object());

    json_object_set_new(o, "type",
                        json_string(arena_printf(a, "urn:maatstaf:problem:%s", kind->code)));
    json_object_set_new(o, "status", json_integer(status));
    json_object_set_new(o, "title", json_string(kind->title));
    json_object_set_new(o, "title_nl", json_string(kind->title_nl));
    json_object_set_new(o, "detail", json_string(kind->detail));
    json_object_set_new(o, "detail_nl", json_string(kind->detail_nl));
    if (count > 0)
        json_object_set(o, "violations", problem_violations(a, notes, count));
    json_write(out, o, JSON_CANONICAL);
}
