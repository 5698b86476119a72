/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rules of a record, one row a rule: code, severity, scope, the fields that a source must cover
 * (the finding points at the first), the predicate or NULL when it is decided elsewhere, the
 * message in Dutch and English, and how exactly the rule is read. Everything that tells people
 * about rules is made from this table.
 */
#include "collector/check.h"
#include "collector/rule.h"

#define NEEDS(...)                                                                                 \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define NONE                                                                                       \
    {                                                                                              \
        0                                                                                          \
    }
#define RULES_SINCE "1.0"

/* clang-format off */
#define RULES(X)                                                                                       \
X(F001, FATAL, FILE, NONE, NULL,                                                                       \
  "Het bestand is niet leesbaar als het soort bestand dat het zegt te zijn.",                          \
  "The file cannot be read as the kind of file that it says it is.",                                   \
  "UTF-16, compressed or binary bytes, no header, another header, an array instead of lines.")         \
X(F002, FATAL, FILE, NONE, NULL,                                                                       \
  "De versie van het schema of van de codelijsten is niet bekend.",                                    \
  "The version of the schema or of the code lists is not known.",                                      \
  "The first part of schema_version or codeset_version is not one that this program reads.")           \
X(F003, FATAL, FILE, NONE, NULL,                                                                       \
  "Het manifest ontbreekt, noemt dit bestand niet, is niet leesbaar, of is van een ander bestand.",    \
  "The manifest is missing, does not name this file, cannot be read, or is of another file.",          \
  "SHA-256 of the file against its manifest; a manifest must be there when --require-manifest is given. The reason says which.") \
X(F004, FATAL, FILE, NONE, NULL,                                                                       \
  "Het aantal registraties is anders dan opgegeven.",                                                  \
  "The number of records is not the number that was declared.",                                        \
  "Rows or bytes received against the manifest.")                                                      \
X(F005, FATAL, FILE, NONE, NULL,                                                                       \
  "Het bericht is te groot of te diep genest.",                                                        \
  "The message is too large or too deeply nested.",                                                    \
  "64 KiB and depth 8 for one registration.")                                                          \
X(F006, FATAL, FILE, NONE, NULL,                                                                       \
  "Te veel registraties zijn fout. Het hele bestand is geweigerd.",                                    \
  "Too many records are wrong. The whole file was refused.",                                           \
  "More than the setting refuse_share of the first 1,000 or of all records quarantined or refused; of all only from 10 records on, as fewer have no share to speak of. Whatever its size, a file of which every record is refused.") \
X(F007, FATAL, FILE, NONE, NULL,                                                                       \
  "Een veld tussen aanhalingstekens wordt niet afgesloten. Het hele bestand is geweigerd.",            \
  "A quoted field is never closed. The whole file was refused.",                                       \
  "Not closed within the longest record; the message names the line.")                                 \
X(R001, REFUSE, FIELD, NONE, NULL,                                                                     \
  "Deze regel is geen geldige UTF-8, JSON of CSV.",                                                    \
  "This line is not valid UTF-8, JSON or CSV.",                                                        \
  "Also: a key twice, a NUL, the wrong number of fields, too deep, or longer than 65,536 bytes. Reading goes on with the next. The reason says which.")                       \
X(R010, REFUSE, FIELD, NONE, NULL,                                                                     \
  "Hier staat een gegeven dat een persoon direct aanwijst. Dat mag niet. Er is niets bewaard.",        \
  "Here stands something that directly identifies a person. That is not allowed. Nothing was kept.",   \
  "A forbidden key, or in a text: BSN that passes the 11-test, IBAN, e-mail, Dutch phone number, number plate, postcode with house number, birth date, document number, exact coordinate. Reference fields (operation_ref, area_designation_ref, unit_code, source_system, geo_cell, offence_code) are held against the unmistakable forms only, source_record_no against e-mail only.") \
X(R011, REFUSE, FIELD, NONE, NULL,                                                                     \
  "Een verplicht veld is niet ingevuld.",                                                              \
  "A mandatory field is missing.",                                                                     \
  "Fields of need M; withdrawals (W) and N need only the envelope.")                                   \
X(R012, REFUSE, FIELD, NONE, NULL,                                                                     \
  "Deze code staat niet in de codelijst die geldt op de dag van de controle.",                         \
  "This code is not in the code list that is valid on the day of the stop.",                           \
  "valid_from and valid_to of the code against the local date of the stop.")                           \
X(R013, REFUSE, FIELD, NONE, NULL,                                                                     \
  "Dit veld heeft het verkeerde soort waarde.",                                                        \
  "This field has the wrong kind of value.",                                                           \
  "No conversion is tried: \"1\" is not 1, false is not nothing. Also a field that the schema does not have: the reason says unknown field.") \
X(R021, REFUSE, STORE, NONE, NULL,                                                                     \
  "Deze registratie bestaat al met een andere inhoud.",                                                \
  "This registration exists already with other content.",                                              \
  "Same key, other content, without a higher source_version and tx_type U or W.")                      \
X(R022, REFUSE, STORE, NONE, NULL,                                                                     \
  "Deze aanvulling of intrekking hoort bij een registratie die nooit is ontvangen.",                   \
  "This update or withdrawal is for a registration that was never received.",                          \
  "tx_type U, N or W without a stored record of that key.")                                            \
X(R023, REFUSE, STORE, NONE, NULL,                                                                     \
  "De waargenomen groep ligt vast en kan niet meer worden gewijzigd.",                                 \
  "The perceived group is locked and cannot be changed any more.",                                     \
  "An update whose group rows differ from those first accepted.")                                      \
X(R024, REFUSE, STORE, NONE, NULL,                                                                     \
  "Deze registratie is gesloten of ingetrokken en kan niet meer worden gewijzigd.",                    \
  "This registration is closed or withdrawn and cannot be changed any more.",                          \
  "An update of a record whose last version is N or W.")                                               \
X(R025, REFUSE, STORE, NONE, NULL,                                                                     \
  "Voor een intrekking is een tweede persoon nodig: eerst moet de leidinggevende akkoord geven.",      \
  "A withdrawal needs a second person: a supervisor must agree first.",                                \
  "tx_type W of a version that nobody agreed to withdraw (collector review withdraw); after that the same withdrawal is taken.") \
X(R030, REFUSE, STOP, NEEDS(AT(STOP, started_at)), trips_R030,                                         \
  "De begintijd ligt in de toekomst of van voor de start van de registratie.",                         \
  "The start lies in the future or before registration began.",                                        \
  "More than 5 minutes after receipt, or a local date before the go-live date.")                       \
X(E031, ERROR, STOP, NEEDS(AT(STOP, duration_min)), trips_E031,                                        \
  "De duur moet tussen 1 en 1440 minuten liggen.",                                                     \
  "The duration must be between 1 and 1440 minutes.",                                                  \
  "duration_min below 1 or above 1440.")                                                               \
X(E032, ERROR, STOP, NEEDS(AT(STOP, registered_at)), trips_E032,                                       \
  "De registratie is van voor het einde van de controle, of van na de ontvangst.",                     \
  "The registration is from before the end of the stop, or from after it was received.",               \
  "registered_at before started_at plus duration_min (less the slack of the time precision: quarter 15 minutes, hour 1 hour, date_only 1 day), or more than 5 minutes after receipt.") \
X(W033, WARNING, STOP, NEEDS(AT(STOP, registered_at), AT(STOP, started_at)), trips_W033,               \
  "De controle is meer dan 24 uur later geregistreerd.",                                               \
  "The stop was registered more than 24 hours later.",                                                 \
  "More than 24 hours after started_at plus duration_min (plus the slack of the time precision), with a reason or from a source without that field.") \
X(E034, ERROR, STOP, NEEDS(AT(STOP, late_reason), AT(STOP, registered_at), AT(STOP, started_at)), trips_E034, \
  "De controle is meer dan 24 uur later geregistreerd en de reden ontbreekt.",                         \
  "The stop was registered more than 24 hours later and the reason is missing.",                       \
  "Late as in W033, without late_reason; then W033 is not given as well.")                             \
X(W035, WARNING, STOP, NEEDS(AT(STOP, time_precision)), trips_W035,                                    \
  "De tijd is minder precies dan een kwartier.",                                                       \
  "The time is less precise than a quarter of an hour.",                                               \
  "time_precision hour or date_only.")                                                                 \
X(E036, ERROR, STOP, NEEDS(AT(STOP, started_at)), trips_E036,                                          \
  "Deze tijd bestaat niet of komt twee keer voor door de zomertijd of wintertijd.",                    \
  "This clock time does not exist or occurs twice because the clocks change.",                         \
  "started_at without an offset, in the skipped or the repeated hour, and no policy of the profile that decides.") \
X(W040, WARNING, STORE, NONE, NULL,                                                                    \
  "Deze controle lijkt dubbel: zelfde team, zelfde minuut, zelfde buurt.",                             \
  "This stop may be a double: same team, same minute, same neighbourhood.",                            \
  "Same unit, start minute and area as another stop; only with time_precision exact.")                 \
X(E041, ERROR, STOP, NEEDS(AT(STOP, persons_registered), AT(STOP, persons_present)), trips_E041,       \
  "Er zijn meer personen geregistreerd dan er aanwezig waren.",                                        \
  "More persons were registered than were present.",                                                   \
  "persons_registered above persons_present.")                                                         \
X(W042, WARNING, STOP, NEEDS(AT(STOP, persons_reason), AT(STOP, persons_registered), AT(STOP, persons_present)), trips_W042, \
  "Er zijn minder personen geregistreerd dan er aanwezig waren en de reden ontbreekt.",                \
  "Fewer persons were registered than were present and the reason is missing.",                        \
  "persons_registered below persons_present without persons_reason.")                                  \
X(E043, ERROR, STOP, NONE, trips_E043,                                                                 \
  "De nummers van de personen lopen niet van 1 tot en met het aantal.",                                \
  "The numbers of the persons do not run from 1 to their number.",                                     \
  "Each of 1..n must occur once among the n persons of the record; the order is free.")                \
X(E044, ERROR, PERSON, NEEDS(AT(PERSON, role), AT(STOP, stop_mode)), trips_E044,                       \
  "De rol past niet bij de manier van vervoer, of er is meer dan een bestuurder.",                     \
  "The role does not fit the way of travel, or there is more than one driver.",                        \
  "Driver or passenger with stop_mode pedestrian; each driver after the first.")                       \
X(E050, ERROR, STOP, NEEDS(AT(STOP, buurt_code), AT(STOP, started_at)), trips_E050,                    \
  "Deze buurtcode bestaat niet in het jaar van de controle.",                                          \
  "This area code does not exist in the year of the stop.",                                            \
  "Not in the area table of the local year of the stop, or a code of a wijk, district or city.")       \
X(W051, WARNING, STOP, NEEDS(AT(STOP, buurt_code)), trips_W051,                                        \
  "De buurt is onbekend.",                                                                             \
  "The neighbourhood is unknown.",                                                                     \
  "An area of level unknown (The Hague: BU_UNKNOWN).")                                                 \
X(E060, ERROR, PERSON, NEEDS(AT(PERSON, fact), AT(PERSON, behaviour), AT(STOP, selection_method)), trips_E060, \
  "Deze persoon is gekozen, maar er staat geen gedrag of feit bij.",                                   \
  "This person was chosen, but no behaviour or fact is given.",                                        \
  "selection_method individual without a code of behaviour or fact.")                                  \
X(E061, ERROR, PERSON, NEEDS(AT(TEXT, selection_text), AT(PERSON, fact), AT(PERSON, behaviour), AT(STOP, selection_method)), trips_E061, \
  "De keuze rust alleen op gevoelige codes, of de uitleg in eigen woorden ontbreekt.",                 \
  "The choice rests on sensitive codes only, or the explanation in words is missing.",                 \
  "Only with selection_method individual. A sensitive code (evasive_on_seeing_police, foreign_plate, hot_time_place) without another code of behaviour or fact; or no selection_text when a sensitive code is given or discretion is not low.") \
X(W062, WARNING, PERSON, NEEDS(AT(TEXT, selection_text)), trips_W062,                                  \
  "De uitleg is te kort, een standaardzin, of bijna gelijk aan een eerdere uitleg van dit team.",      \
  "The explanation is too short, a stock phrase, or nearly the same as an earlier one of this team.",  \
  "Fewer than 20 characters; a phrase of code list banned_phrase as whole words; or Jaccard similarity of letter trigrams above 0.9 with one of the team's latest 32 texts.") \
X(E063, ERROR, PERSON, NEEDS(AT(TEXT, selection_text), AT(PERSON, fact)), trips_E063,                  \
  "De uitleg noemt afkomst, huidskleur, nationaliteit of geloof, zonder signalement.",                 \
  "The explanation mentions origin, skin, nationality or religion, without a description.",            \
  "A word of code list origin_word, or a colour_word before a person_word, as whole words, without the fact matches_description. A nationality before a number plate is the plate's.") \
X(W064, WARNING, PERSON, NEEDS(AT(PERSON, fact), AT(PERSON, circumstance)), trips_W064,                \
  "Een buitenlands kenteken is niet genoeg. Noem een tweede feit en een omstandigheid.",               \
  "A foreign number plate is not enough. Give a second fact and a circumstance.",                      \
  "Fact foreign_plate, unless there are both a second fact and a circumstance.")                       \
X(E065, ERROR, STOP, NEEDS(AT(STOP, operation_ref), AT(STOP, selection_method)), trips_E065,           \
  "Bij deze manier van kiezen hoort het nummer van de actie.",                                         \
  "This way of choosing needs the reference of the operation.",                                        \
  "selection_method every_nth or random_device without operation_ref.")                                \
X(E070, ERROR, STOP, NEEDS(AT(STOP, traffic_docs_checked), AT(STOP, legal_basis)), trips_E070,         \
  "Artikel 160 is gebruikt, maar de papieren zijn niet gecontroleerd.",                                \
  "Article 160 was used, but the papers were not checked.",                                            \
  "legal_basis WVW160_1 and traffic_docs_checked false or not given.")                                 \
X(E071, ERROR, STOP, NEEDS(AT(STOP, legal_basis), AT(STOP, buurt_code), AT(STOP, started_at)), trips_E071, \
  "Er was op deze plaats en tijd geen aanwijzing voor preventief fouilleren.",                         \
  "No order for preventive search held at this place and time.",                                       \
  "A legal basis with flag preventive and no area order of that article (the one named by area_designation_ref, when given) that covers the area, its wijk or its district at started_at.") \
X(E072, ERROR, PERSON, NEEDS(AT(PERSON, behaviour), AT(STOP, legal_basis), AT(RESULT, offence_code)), trips_E072, \
  "Voor een verdachte is een strafbaar feit of gedrag nodig.",                                         \
  "A suspect needs an offence or behaviour.",                                                          \
  "legal_basis SV52 or SV27, no behaviour code and no offence_code in any result of the person.")      \
X(E073, ERROR, PERSON, NEEDS(AT(PERSON, fact), AT(STOP, legal_basis)), trips_E073,                     \
  "Vreemdelingentoezicht mag niet op uiterlijk alleen. Noem een ander feit.",                          \
  "Immigration control must not rest on looks alone. Give another fact.",                              \
  "legal_basis VW50 and no fact other than matches_description and sensitive ones.")                   \
X(W074, WARNING, PERSON, NEEDS(AT(ACTION, search_kind), AT(STOP, legal_basis)), trips_W074,            \
  "Er is gezocht zonder bevoegdheid, op vrijwillige basis.",                                           \
  "There was a search without a power, on a voluntary basis.",                                         \
  "legal_basis VOLUNTARY and an action with search_kind other than none.")                             \
X(E075, ERROR, STOP, NEEDS(AT(STOP, legal_basis), AT(STOP, assignment)), trips_E075,                   \
  "Deze bevoegdheid past niet bij deze dienst.",                                                       \
  "This power does not belong to this assignment.",                                                    \
  "Assignment boa with a basis of flag police_only, or another assignment with a BOA_ basis.")         \
X(E080, ERROR, PERSON, NEEDS(AT(PERSON, reason_told), AT(PERSON, explained)), trips_E080,              \
  "Er is uitgelegd maar de reden ontbreekt, of er is niet uitgelegd en er staat toch een reden.",      \
  "It was explained but no reason is given, or it was not explained and a reason is given.",           \
  "explained of flag yes (unprompted, after_question) without reason_told, or any other with reason_told.")     \
X(W081, WARNING, PERSON, NEEDS(AT(PERSON, reason_told), AT(PERSON, fact), AT(PERSON, behaviour)), trips_W081, \
  "De reden die is verteld, is niet de reden die is vastgelegd.",                                      \
  "The reason that was told is not the reason that was recorded.",                                     \
  "Derived reason_match is none: no told code is among the recorded ones. generic_control matches only when nobody was singled out.") \
X(W082, WARNING, PERSON, NEEDS(AT(PERSON, explained)), trips_W082,                                     \
  "Er is niet uitgelegd vanwege de veiligheid. Dit wordt altijd bekeken.",                             \
  "It was not explained for reasons of safety. This is always reviewed.",                              \
  "explained not_safety.")                                                                             \
X(E083, ERROR, PERSON, NEEDS(AT(PERSON, receipt_reason), AT(PERSON, receipt_given)), trips_E083,       \
  "Er is geen bewijs van de controle gegeven en de reden ontbreekt.",                                  \
  "No receipt was given and the reason is missing.",                                                   \
  "receipt_given not_given without receipt_reason.")                                                   \
X(E090, ERROR, PERSON, NEEDS(AT(ACTION, search_basis), AT(ACTION, search_kind), AT(ACTION, search_object)), trips_E090, \
  "Er is gezocht, maar de grond of het doel van het zoeken ontbreekt.",                                \
  "There was a search, but its basis or its object is missing.",                                       \
  "search_kind other than none without search_basis or without search_object.")                        \
X(E091, ERROR, PERSON, NEEDS(AT(ACTION, search_basis)), trips_E091,                                    \
  "Toestemming gaat niet samen met een bevoegdheid of met een andere toestemming.",                    \
  "Consent does not go together with a power or with another kind of consent.",                        \
  "Over all actions of the person: a basis of flag consent with a basis that is neither consent nor VOLUNTARY, or two different ones of flag consent.") \
X(E092, ERROR, PERSON, NEEDS(AT(FIND, found_class), AT(ACTION, search_kind), AT(ACTION, id_checked)), trips_E092, \
  "Er is iets gevonden zonder dat er is gezocht of gecontroleerd.",                                    \
  "Something was found without a search or a check.",                                                  \
  "wanted_person, illegal_stay, false_document, traffic_only and other need a search, id_checked shown or registered_only, traffic_docs_checked, or a camera hit; nothing needs nothing; every other class (flag search) needs a search_kind other than none.") \
X(E093, ERROR, PERSON, NEEDS(AT(FIND, illegal_in_itself), AT(FIND, found_class)), trips_E093,          \
  "Een voorwerp dat alleen de APV verbiedt, is niet op zichzelf strafbaar.",                           \
  "An object that only the by-law forbids is not illegal in itself.",                                  \
  "found_class object_apv_only with illegal_in_itself true.")                                          \
X(E094, ERROR, PERSON, NEEDS(AT(RESULT, result), AT(FIND, found_class)), trips_E094,                   \
  "Er is iets in beslag genomen zonder vondst, of een vondst die in beslag moet, is dat niet.",        \
  "Something was seized without a find, or a find that must be seized was not.",                       \
  "A result of flag seizure without a find of a thing; or a find of flag seizure without a result of flag seizure or sanction.") \
X(E095, ERROR, PERSON, NEEDS(AT(RESULT, offence_code), AT(RESULT, result)), trips_E095,                \
  "Bij een boete, proces-verbaal of aanhouding hoort een feitcode.",                                   \
  "A fine, official report or arrest needs an offence code.",                                          \
  "A result of flag arrest, fine or pv without offence_code.")                                         \
X(E096, ERROR, PERSON, NEEDS(AT(RESULT, result)), trips_E096,                                          \
  "Niets gevonden en doorgelaten gaat niet samen met een straf of maatregel.",                         \
  "Nothing and sent on does not go together with a sanction.",                                         \
  "Result nothing_sent_on together with a result of flag sanction.")                                   \
X(W097, WARNING, PERSON, NEEDS(AT(PERSON, treatment_flags), AT(PERSON, age_band), AT(ACTION, search_kind)), trips_W097, \
  "Kleding uitgetrokken of een kind onder 16 doorzocht. Dit wordt altijd bekeken.",                    \
  "Clothing removed or a child under 16 searched. This is always reviewed.",                           \
  "treatment_flags clothing_beyond_outer, or age_band <12 or 12-15 with a search.")                    \
X(E100, ERROR, PERSON, NEEDS(AT(PERSON, bodycam_off_reason), AT(PERSON, bodycam)), trips_E100,         \
  "De bodycam stond uit en de reden ontbreekt.",                                                       \
  "The bodycam was off and the reason is missing.",                                                    \
  "bodycam worn_off without bodycam_off_reason.")                                                      \
X(W101, WARNING, PERSON, NEEDS(AT(PERSON, bodycam), AT(ACTION, force)), trips_W101,                    \
  "Er is geweld gebruikt en de bodycam stond niet de hele controle aan.",                              \
  "Force was used and the bodycam was not on throughout.",                                             \
  "An action with force other than none and bodycam other than worn_on_full.")                         \
X(W110, WARNING, PERSON, NEEDS(AT(PERSON, reflection), AT(STOP, started_at)), trips_W110,              \
  "Het nagesprek staat na 7 dagen nog steeds op gepland.",                                             \
  "The reflection is still planned after 7 days.",                                                     \
  "reflection planned and received more than 7 days after started_at.")                                \
X(E111, ERROR, PERSON, NEEDS(AT(GROUP, codes), AT(STOP, started_at)), trips_E111,                      \
  "Er is een groep ingevuld terwijl dat niet is besloten.",                                            \
  "A group is given while no decision allows it.",                                                     \
  "A group row of perspective before_contact or after_contact without a decision for mode perceived, or self without mode self, on the local date of the stop.") \
X(E112, ERROR, PERSON, NEEDS(AT(GROUP, codes), AT(STOP, started_at)), trips_E112,                      \
  "De groep ontbreekt. Gebruik niet waargenomen als de groep niet is gezien.",                         \
  "The group is missing. Use not perceived when the group was not seen.",                              \
  "Mode perceived is on and there is no row of before_contact or after_contact with a code.")          \
X(E113, ERROR, PERSON, NEEDS(AT(GROUP, codes)), trips_E113,                                            \
  "Niet waargenomen gaat niet samen met een groep.",                                                   \
  "Not perceived does not go together with a group.",                                                  \
  "A row with a code of flag not_perceived and another code.")                                         \
X(E120, ERROR, FIELD, NONE, NULL,                                                                      \
  "In deze tekst staat misschien een naam of nummer van een persoon. De tekst wordt eerst bekeken.",   \
  "This text may hold a name or number of a person. It is looked at first.",                           \
  "Free text only: a name after a word that announces one or after initials; a capitalised word that is a given name or surname of the lists, or that the dictionary of the language does not know in small letters, and that is no known word, make or place; a number of 7 digits or more, a bare full date, a number plate without separators, a postcode, a web address, or a text that the screen could not read or had no dictionary for (settings text_language and dictionaries).") \
X(I100, INFO, STORE, NONE, NULL,                                                                       \
  "Deze registratie was er al, met dezelfde inhoud.",                                                  \
  "This registration was already held, with the same content.",                                        \
  "Same key and the same received content. Counted in delivered rows, as duplicate is.")                                                           \
X(I101, INFO, STORE, NONE, NULL,                                                                       \
  "De registratie is opgenomen met waarschuwingen.",                                                   \
  "The registration was accepted with warnings.",                                                      \
  "A stop with a warning of its own, or one that shows only against what is stored. Counted in delivered rows.")
/* clang-format on */

#define RULE_ROW(id, level, where, needed, predicate, dutch, english, exactly)                     \
    [RULE_##id] = {.code = #id,                                                                    \
                   .severity = SEVERITY_##level,                                                   \
                   .nl = dutch,                                                                    \
                   .en = english,                                                                  \
                   .since = RULES_SINCE},
#define TEST_ROW(id, level, where, needed, predicate, dutch, english, exactly)                     \
    [RULE_##                                                                                       \
        id] = {.scope = RULE_OF_##where, .needs = needed, .trips = predicate, .reading = exactly},

/* Rules of units and months: theirs is one table with the analyzer (sql/unit_months.h). */
#define UNIT_RULES_SINCE "1.1"
#define UNIT_RULE_ROW(id, level, percent, dutch, english, exactly)                                 \
    [RULE_##id] = {.code = #id,                                                                    \
                   .severity = SEVERITY_##level,                                                   \
                   .nl = dutch,                                                                    \
                   .en = english,                                                                  \
                   .since = UNIT_RULES_SINCE},
#define UNIT_TEST_ROW(id, level, percent, dutch, english, exactly)                                 \
    [RULE_##id] = {.scope = RULE_OF_UNIT, .reading = exactly},

const struct rule rules[RULE_COUNT] = {RULES(RULE_ROW) UNIT_RULES(UNIT_RULE_ROW)};
const struct rule_test rule_tests[RULE_COUNT] = {RULES(TEST_ROW) UNIT_RULES(UNIT_TEST_ROW)};

const struct field *
rule_field(unsigned at)
{
    static const struct field *const tables[PART_COUNT] = {
        [PART_STOP] = stop_fields,     [PART_OFFICER] = officer_fields,
        [PART_PERSON] = person_fields, [PART_TEXT] = text_fields,
        [PART_TRAIT] = trait_fields,   [PART_GROUP] = group_fields,
        [PART_ACTION] = action_fields, [PART_FIND] = find_fields,
        [PART_RESULT] = result_fields};

    return &tables[(at >> 8) - 1][at & 0xFF];
}

bool
coverage_has(const struct coverage *coverage, unsigned at)
{
    if (!coverage)
        return true;

    const bool *const tables[PART_COUNT] = {
        [PART_STOP] = coverage->stop,     [PART_OFFICER] = coverage->officer,
        [PART_PERSON] = coverage->person, [PART_TEXT] = coverage->text,
        [PART_TRAIT] = coverage->trait,   [PART_GROUP] = coverage->group,
        [PART_ACTION] = coverage->action, [PART_FIND] = coverage->find,
        [PART_RESULT] = coverage->result};

    return tables[(at >> 8) - 1][at & 0xFF];
}

/* ---- for people ----------------------------------------------------------------------------- */

static const char *const severities[] = {
    [SEVERITY_FATAL] = "file refused", [SEVERITY_REFUSE] = "record refused",
    [SEVERITY_ERROR] = "quarantined",  [SEVERITY_WARNING] = "warning",
    [SEVERITY_INFO] = "information",   [SEVERITY_CROSS] = "finding across sources"};
static const char *const scopes[] = {[RULE_OF_FILE] = "file",
                                     [RULE_OF_FIELD] = "any field",
                                     [RULE_OF_STOP] = "stop",
                                     [RULE_OF_PERSON] = "person",
                                     [RULE_OF_STORE] = "what is stored",
                                     [RULE_OF_UNIT] = "unit and month"};

static void
print_needs(FILE *out, const struct rule_test *test, const char *quote)
{
    for (unsigned i = 0; i < RULE_NEEDS_MOST && test->needs[i] != 0; i++)
        fprintf(out, "%s%s%s%s", i ? ", " : "", quote, rule_field(test->needs[i])->name, quote);
}

void
rules_print(FILE *out, bool markdown)
{
    if (markdown)
        fputs("# Rules of a registration\n\n"
              "Made from the table in `collector/rules.c` by `maatstaf collector rules "
              "--markdown`; do not edit "
              "this page.\n\n"
              "A rule whose fields the source does not cover is not applied, and is counted as not "
              "applicable. All findings of\na record are given, not the first.\n\n"
              "Rules that look at a *unit and month* are judged when an analysis is made, not when "
              "a record comes in: see\n[plausibility](../methods/plausibility.md) and "
              "[coverage](../methods/coverage.md). Their findings stand in the report, beside the "
              "quality of the registration.\n\n"
              "| code | what happens | looks at | fields | message (nl) | message (en) | read as | "
              "since |\n|---|---|---|---|---|---|---|---|\n",
              out);
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const struct rule *const rule = &rules[i];
        const struct rule_test *const test = &rule_tests[i];

        if (markdown)
            fprintf(out, "| %s | %s | %s | ", rule->code, severities[rule->severity],
                    scopes[test->scope]);
        else
            fprintf(out, "%s  %s, %s; since %s\n      ", rule->code, severities[rule->severity],
                    scopes[test->scope], rule->since);
        print_needs(out, test, markdown ? "`" : "");
        if (markdown)
            fprintf(out, " | %s | %s | %s | %s |\n", rule->nl, rule->en, test->reading,
                    rule->since);
        else
            fprintf(out, "%snl: %s\n      en: %s\n      %s\n",
                    test->needs[0] != 0 ? "\n      " : "", rule->nl, rule->en, test->reading);
    }
}
