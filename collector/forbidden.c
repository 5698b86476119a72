/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A name is folded by Unicode's NFKC_Casefold (full-width letters, capitals, invisible characters)
 * and by leaving out what separates words; then it is looked for in a sorted list.
 */
#include "collector/forbidden.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { NAME_MOST = 64 };

/* Sorted by byte; without separators. */
/* clang-format off */
static const char *const names[] = {
    "achternaam", "address", "adres", "agentnaam", "aliennumber", "badgenumber", "bankaccount",
    "bankrekening", "biometrics", "birthdate", "birthday", "birthplace", "bsn",
    "burgerservicenummer", "chassisnumber", "citizenservicenumber", "citizenship", "coordinaat",
    "coordinate", "coordinaten", "coordinates", "countryofbirth", "dateofbirth", "dienstnummer",
    "dob", "documentno", "documentnumber", "documentnummer", "driverlicensenumber",
    "drivinglicence", "drivinglicencenumber", "drivinglicensenumber", "email", "emailaddress",
    "emailadres", "ethnicity", "etniciteit", "face", "familyname", "fingerprint", "firstname",
    "foto", "fullname", "geboortedatum", "geboortejaar", "geboorteland", "geboorteplaats",
    "geborenop", "geo", "geometry", "geopoint", "givenname", "godsdienst", "gps", "gsm",
    "homeaddress", "housenumber", "huisnummer", "iban", "idcardnumber", "identiteitsnummer",
    "identitynumber", "idnumber", "image", "imei", "imsi", "initials", "ip", "ipaddress",
    "kenteken", "lastname", "lat", "latitude", "licenceplate", "licensenumber", "licenseplate",
    "lng", "locationpoint", "lon", "long", "longitude", "mail", "mailadres", "mobiel",
    "mobieletelefoon", "mobile", "mobilenumber", "naam", "name", "namen", "names",
    "nationaliteit", "nationality", "numberplate", "officerid", "officername", "pasfoto",
    "paspoort", "paspoortnummer", "passport", "passportnumber", "personalnumber", "phone",
    "phonenumber", "photo", "picture", "placeofbirth", "plate", "portrait", "postalcode",
    "postcode", "race", "ras", "rdx", "rdy", "reflectietekst", "reflectiontext",
    "registrationnumber", "rekeningnummer", "religie", "religion", "rijbewijs", "rijbewijsnummer",
    "roepnaam", "socialsecuritynumber", "sofinummer", "ssn", "staatsburgerschap", "straat",
    "straatnaam", "street", "streetname", "surname", "telefoon", "telefoonnummer", "telephone",
    "telephonenumber", "vin", "vingerafdruk", "vnumber", "vnummer", "volledigenaam",
    "voorletters", "voornaam", "voornamen", "woonadres", "woonplaats", "x", "y", "yearofbirth",
    "zip", "zipcode",
};
/* clang-format on */

static int
by_text(const void *key, const void *entry)
{
    return strcmp(key, *(const char *const *)entry);
}

/* Folds into at most NAME_MOST ASCII letters and digits; false when the name is longer than any of
 * ours. */
static bool
fold(struct span name, char out[NAME_MOST + 1])
{
    UChar wide[NAME_MOST * 4], folded[NAME_MOST * 8];
    UErrorCode status = U_ZERO_ERROR;
    int32_t length = 0;
    size_t n = 0;

    if (name.length > NAME_MOST * 4)
        return false;
    u_strFromUTF8(wide, NAME_MOST * 4, &length, name.data, (int32_t)name.length, &status);
    const UNormalizer2 *const form = unorm2_getNFKCCasefoldInstance(&status);
    length = unorm2_normalize(form, wide, length, folded, NAME_MOST * 8, &status);
    if (U_FAILURE(status))
        return false;
    for (int32_t i = 0; i < length; i++) {
        const UChar c = folded[i];
        const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!kept && c < 0x80)
            continue;
        if (n == NAME_MOST || !kept)
            return false;
        out[n++] = (char)c;
    }
    out[n] = '\0';
    return n > 0;
}

const char *
forbidden_name(struct span name)
{
    char folded[NAME_MOST + 1];

    if (!fold(name, folded))
        return NULL;
    const char *const *const found =
        bsearch(folded, names, sizeof names / sizeof *names, sizeof *names, by_text);
    return found ? *found : NULL;
}
