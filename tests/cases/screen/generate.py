#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes certain.txt, suspected.txt, clean.txt, named.txt, unnamed.txt and held-out.txt: kind, tab, text. Always
the same bytes.

Every person, number and address is made up here: names by joining syllables, numbers by a linear congruence and
their check digit. The sentences around them are of the kind that a registration holds.
"""
import itertools
import os
import unicodedata

state = 20261122


def below(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 33) % n


def pick(items):
    return items[below(len(items))]


def digits(n):
    return "".join(str(below(10)) for _ in range(n))


SYLLABLES = ["Ber", "Kor", "Mal", "Ven", "Dor", "Sel", "Tam", "Hal", "Ros", "Wil", "Zan", "Fel"]
ENDS = ["stra", "dam", "sen", "man", "huis", "veld", "ing", "ma", "berg", "oui", "ez", "ci"]
FIRST = ["Jelmo", "Sanna", "Ferid", "Nadiro", "Piotek", "Mirel", "Dewo", "Lotka", "Youba", "Karsu"]
CONSONANTS = "BDFGHJKLNPRSTVXZ"


def surname():
    return pick(SYLLABLES) + pick(ENDS)


def letters(n):
    return "".join(pick(CONSONANTS) for _ in range(n))


def around(text):
    """A sentence with the identifier at its end, its start or within it."""
    return pick([
        "Reed door rood licht, {}.", "{} genoemd bij staandehouding.", "Zie {} voor de rest.",
        "Bestuurder gaf {} op en liep weg.", "Droeg een rugzak, gegevens {} nagekeken.",
        "Fietser zonder licht ({}) aangesproken.", "Melder noemt {}", "{}",
        "Voldeed aan melding van diefstal; {} gecontroleerd.", "gaf aan {} te zijn, liep hard weg",
    ]).format(text)


def spread(text, how):
    """The obfuscations: separators, full width, other digits, zero width, letters for digits."""
    if how == 0:
        return text
    if how == 1:
        return " ".join(text)
    if how == 2:
        return "-".join(text[i:i + 3] for i in range(0, len(text), 3))
    if how == 3:
        return ".".join(text[i:i + 2] for i in range(0, len(text), 2))
    if how == 4:
        return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
    if how == 5:
        return "\u200b".join(text)
    if how == 6:
        return "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in text)
    if how == 7:
        return text[:4] + "\u00ad" + text[4:6] + "\u2060" + text[6:]
    if how == 8:
        return "\u2011".join(text[i:i + 3] for i in range(0, len(text), 3))
    if how == 9:
        return "\u00a0".join(text[i:i + 3] for i in range(0, len(text), 3))
    return text[0] + "".join("O" if c == "0" else "l" if c == "1" else c for c in text[1:])


def bsn():
    while True:
        d = [below(10) for _ in range(8)]
        total = sum(x * w for x, w in zip(d, range(9, 1, -1))) % 11
        if total < 10 and any(d):
            return "".join(map(str, d)) + str(total)


def iban():
    body = pick(["INGB", "RABO", "ABNA", "SNSB", "TRIO"]) + "0" + digits(9)
    number = "".join(str(int(c, 36)) for c in body + "NL00")
    return "NL%02d%s" % (98 - int(number) % 97, body)


SHAPES = ["LL-DD-DD", "DD-DD-LL", "DD-LL-DD", "LL-DD-LL", "LL-LL-DD", "DD-LL-LL", "DD-LLL-D", "D-LLL-DD", "LL-DDD-L",
          "L-DDD-LL", "LLL-DD-L", "L-DD-LLL", "D-LL-DDD", "DDD-LL-D"]


def plate(shape):
    return "".join(letters(1) if c == "L" else digits(1) if c == "D" else c for c in shape)


MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
          "december"]
CYRILLIC = str.maketrans("AaEeOoPpCcXxBKMHTy", "\u0410\u0430\u0415\u0435\u041e\u043e\u0420\u0440\u0421\u0441\u0425\u0445"
                         "\u0412\u041a\u041c\u041d\u0422\u0443")


def date(form=None):
    d, m, y = 1 + below(28), 1 + below(12), 1950 + below(60)
    forms = ["%02d-%02d-%04d" % (d, m, y), "%d-%d-%04d" % (d, m, y), "%02d/%02d/%04d" % (d, m, y),
             "%02d.%02d.%04d" % (d, m, y), "%04d-%02d-%02d" % (y, m, d), "%d %s %d" % (d, MONTHS[m - 1], y),
             "%02d-%02d-%02d" % (d, m, y % 100), "%d-%s-%d" % (d, MONTHS[m - 1][:3], y)]
    return forms[below(len(forms)) if form is None else form]


def certain():
    for i in range(88):
        yield "bsn", around(pick(["BSN {}", "bsn: {}", "{}", "nummer {}"]).format(spread(bsn(), i % 11)))
    for i in range(44):
        text = iban()
        how = i % 8
        if how == 1:
            text = " ".join(text[k:k + 4] for k in range(0, 18, 4))
        elif how == 2:
            text = text.lower()
        elif how == 3:
            text = "-".join(text[k:k + 4] for k in range(0, 18, 4))
        elif how == 4:
            text = text.translate(CYRILLIC)
        elif how == 5:
            text = "".join(chr(ord(c) + 0xFEE0) for c in text)
        elif how == 6:
            text = "\u200c".join(text)
        elif how == 7:
            text = text[:4] + " " + text[4:8] + " " + text[8:]
        yield "iban", around("rekening " + text)
    for i in range(40):
        user = surname().lower() + pick(["", digits(2), "." + surname().lower(), "_x"])
        host = pick(["voorbeeld", "mail", "post-thuis", "bedrijf"]) + pick([".nl", ".com", ".org", ".eu", ".co.nl"])
        sign = ["@", "@", " @ ", "(at)", " [at] ", " (at) ", "\uff20", "apenstaartje", "@"][i % 9]
        text = user + sign + host
        if i % 10 == 8:
            text = text.translate(CYRILLIC)
        if i % 10 == 9:
            text = user + " at " + host.replace(".", " punt ")
        yield "email", around(text)
    for i in range(55):
        forms = ["06" + digits(8), "06-" + digits(8), "06 " + digits(2) + " " + digits(2) + " " + digits(2) + " " + digits(2),
                 "+316" + digits(8), "+31 6 " + digits(8), "00316" + digits(8), "+31 (0)6 " + digits(8),
                 "070-3" + digits(6), "070 3" + digits(2) + " " + digits(2) + " " + digits(2), "(070) 3" + digits(6),
                 "0174-" + str(1 + below(9)) + digits(5)]
        text = forms[i % 11]
        if i // 11 == 3:
            text = spread("06" + digits(8), 1 + below(10))
        yield "phone", around(pick(["tel. {}", "bereikbaar op {}", "{}"]).format(text))
    for i in range(70):
        text = plate(SHAPES[i % 14])
        how = i // 14
        if how == 1:
            text = text.replace("-", " ")
        elif how == 2:
            text = text.lower()
        elif how == 3:
            text = text.replace("-", pick([".", "\u2013", "/", " - "]))
        elif how == 4:
            text = spread(text, pick([4, 5]))
        yield "plate", around("kenteken " + text if i % 2 else text)
    for i in range(36):
        number = str(1 + below(300)) + pick(["", "", "a", " hs"])
        code = "25%02d" % (below(96)) + pick(["", " "]) + letters(2).replace("S", "K")
        form = pick(["{c} {n}", "{c}, {n}", "{c} nr {n}", "{c} huisnummer {n}", "{c}-{n}"])
        text = form.format(c=code, n=number)
        if i % 6 == 5:
            text = spread(code[:4], 4) + code[4:] + " " + number
        yield "address", around(pick(["woont op {}", "postcode {}", "{}"]).format(text))
    for i in range(40):
        word = pick(["geboren {}", "geboren op {}", "geb. {}", "geboortedatum {}", "geboortedatum: {}", "geb {}",
                     "geb.dat. {}", "g.d. {}", "{} geboren", "GEBOREN {}"])
        text = word.format(date(i % 8))
        if i % 10 == 9:
            text = "geboren " + "%02d%02d%d" % (1 + below(28), 1 + below(12), 1960 + below(45))
        yield "birth", around(text)
    for i in range(30):
        number = letters(2) + pick(["", letters(1)])
        number = number + "".join(pick([pick(CONSONANTS), digits(1)]) for _ in range(7 - len(number))) + digits(2)
        text = pick(["paspoort {}", "ID-kaart {}", "documentnummer {}", "{}"]).format(number)
        if i % 5 == 4:
            text = "rijbewijs " + pick(["4", "5", "3"]) + digits(9)
        if i % 10 == 3:
            text = "paspoort " + number.lower()
        yield "document", around(text)
    for i in range(30):
        lat, lon = "52.0%s" % digits(3 + below(3)), "4.%s" % digits(4 + below(3))
        text = pick(["{a}, {b}", "{a} {b}", "{a},{b}", "N {a} E {b}", "{a}/{b}", "lat {a} lon {b}", "({a}; {b})"])
        text = text.format(a=lat, b=lon)
        if i % 5 == 4:
            text = "52\u00b004'%s\" N 4\u00b018'%s\" O" % (10 + below(49), 10 + below(49))
        if i % 5 == 3:
            text = lat.replace(".", ",") + " " + lon.replace(".", ",")
        yield "coordinate", around("op " + text)


def suspected():
    for i in range(90):
        name = pick(FIRST) + " " + surname()
        last = pick(["", "van ", "van de ", "de ", "van den ", "el "]) + surname()
        text = ["dhr. " + last, "mevr. " + last, "mevrouw " + surname(), "meneer " + last, "de heer " + last,
                "genaamd " + name, "heet " + pick(FIRST), "heette " + name, "alias " + pick(FIRST).lower(),
                pick("ABDFHJKLM") + ". " + last, pick("ABDFHJKLM") + "." + pick("ABDFHJ") + ". " + last,
                "naam: " + name, "noemt zich " + pick(FIRST), "achternaam " + last, "mw. " + surname(),
                "genaamd " + name.lower(), "bijgenaamd '" + pick(FIRST) + "'", "familie " + surname()][i % 18]
        yield "name", around(text)
    for i in range(40):
        n = bsn()
        wrong = n[:8] + str((int(n[8]) + 1) % 10)
        text = [digits(7).replace("0", "3"), wrong, "9" + digits(11), "PL1500-" + digits(4) + digits(5), "8" + digits(7),
                spread(wrong, 2), spread("7" + digits(7), 4), spread("6" + digits(7), 5)][i % 8]
        yield "number", around(pick(["mutatie {}", "{}", "nr. {}", "dossier {}"]).format(text))
    for i in range(24):
        yield "date", around(pick(["op {}", "d.d. {}", "{}"]).format(date(i % 8)))
    for i in range(24):
        yield "url", around(["www." + surname().lower() + ".nl", "https://" + surname().lower() + ".com/foto",
                             surname().lower() + ".nl", "insta @" + surname().lower()][i % 4])
    for i in range(28):
        text = plate(SHAPES[i % 14]).replace("-", "")
        yield "plate", around("kenteken " + text)
    for i in range(20):
        text = ["postcode 25%02d %s" % (below(90), letters(2).replace("S", "K")),
                "op de " + pick(["Wilgstraat", "Beeklaan", "Loosduinseweg"]) + " " + str(1 + below(200)) + ", daar"][i % 2]
        yield "address", pick(["Woont in {}.", "Aangetroffen {}.", "Zou {} horen."]).format(text)


# Streets and squares of The Hague: names that are nobody's.
STREETS = ["Hoefkade", "Schilderswijk", "Grote Marktstraat", "Spui", "Loosduinseweg", "Laan van Meerdervoort", "Zuidwal",
           "Vaillantlaan", "Paul Krugerlaan", "Hobbemaplein", "Weimarstraat", "Escamplaan", "Leyweg", "Binckhorstlaan",
           "Rijswijkseweg", "Haagse Markt", "Plein 1813", "Scheveningseweg", "Strandweg", "Kurhausplein", "Lange Voorhout",
           "Javastraat", "Prins Hendrikstraat", "Stationsweg", "Koningin Julianaplein", "Zuiderpark", "Erasmusweg",
           "Beeklaan", "Thorbeckelaan", "Mient", "Fahrenheitstraat", "Goudenregenplein", "Wagenstraat", "Gedempte Gracht",
           "Prinsegracht", "Veenkade", "Torenstraat", "Neherkade", "Calandstraat", "Jacob van Campenplein", "Van Musschenbroekstraat",
           "Jan Luykenlaan", "Dierenselaan", "Apeldoornselaan", "Soestdijksekade", "Melis Stokelaan"]
DOINGS = ["Reed zonder licht op de fiets over de {s}.", "Negeerde het rode licht op de {s} om {t} uur.",
          "Reed {k} km per uur te hard op de {s}.", "Hield een telefoon in de hand op de {s}.",
          "Paste bij het signalement van de winkeldiefstal aan de {s}.",
          "Liep {n} keer langs dezelfde auto's op de {s}.", "Gaf een pakje aan een ander bij de {s}.",
          "Keek in {n} auto's op de {s} en voelde aan portieren.", "APK verlopen, gezien bij controle op de {s}.",
          "Bromfiets zonder plaat op de {s}, {n} personen erop.", "Rende weg van de melding op de {s} om {t} uur.",
          "Voerde geen verlichting ter hoogte van de {s}, hoek {u}.", "Controle met {n} collega's bij de {s}.",
          "Scooter op de stoep van de {s}, bijna aanrijding met voetganger.",
          "Kwam van de {s} en keerde om toen hij het fluitje hoorde.", "Achterlicht kapot, {s} richting {u}.",
          "Schreeuwde naar voorbijgangers op de {s} en gooide met een fles.",
          "Getuige wees deze persoon aan als vechter bij de {s}.", "Stond met {n} anderen bij een opengebroken kluis, {s}.",
          "Sloeg rechtsaf waar dat niet mag, {s} naar {u}."]
FIXED = ["Reed met 62 km/u waar 50 geldt, na meting over 300 meter.", "Tussen 21.40 en 22.10 uur drie meldingen van inbraak.",
         "Camera zag handeling om 23:15, persoon had zwarte jas en witte schoenen.", "Reed op de A12 rechts in bij afrit 4.",
         "Auto met Duits kenteken stond 2 uur op de stoep.", "Kwam uit lijn 11 en liep door de rode loper.",
         "Het waren er 12 of 13, allen met helm.", "Twee personen op 1 scooter, geen helm, om 02:30 uur.",
         "Voertuig stond sinds 2019 niet meer op naam en reed toch.", "Melding van 112: man met mes in tram 6.",
         "In 2024 en 2025 vaker overlast op dit plein.", "Bestuurder belde met de handen van het stuur, 1 minuut lang gezien.",
         "Droeg een koevoet van 60 cm onder zijn jas.", "Banden onder 1,6 mm, gezien bij stilstand.",
         "Alcohol 220 ug/l bij blaastest op straat.", "Getuige zag hem om 14.05 uur bij de kassa.",
         "De heer en mevrouw liepen door; de fietser stopte.", "Actie 3 van 5, vak B, iedere tiende auto.",
         "Remlicht links kapot. Bestuurder wist ervan.", "Had 3 telefoons en 2 laptops in een open tas.",
         "Bel 0900-8844 stond op zijn briefje.", "Bij de HTM-halte gezien dat hij een kaartje doorgaf.",
         "Gooide om 01.10 uur een fles. Daarna rende hij weg.", "Fatbike zonder trapondersteuning, 45 km/u op 25 meter.",
         "Wilde niet zeggen hoe hij heet.", "Zijn naam is bekend bij de wijkagent.", "Hoe dit heet is niet duidelijk.",
         "Stond in vak 12-14 van de P+R met open klep.", "Van 10 tot 12 uur op 3 plekken gezien.",
         "Was bij het Zuiderpark. De Raad weet ervan.", "Reed 2 rondes, toen 3, toen 4, met gedoofd licht.",
         "Op zaterdag 21 november om 20 uur bij ADO gezien.", "Rookte op het perron van Den Haag HS.",
         "Snelheid 80 in zone 30 volgens meting 7.", "Volgens briefing van 16 uur: groep met capuchons.",
         "Kenteken niet leesbaar door modder.", "De burgemeester gaf bevel 2026-3 voor dit gebied.",
         "Gooide vuurwerk richting de ME op de Laakkade.", "Oude Toyota met gestolen platen volgens ANPR.",
         "Gezien door collega in burger, 5 minuten gevolgd.", "Er was een alarm bij Albert Heijn en Kruidvat.",
         "Zocht in 4 kliko's en 1 schuur aan de achterkant.", "Sprong uit raam op 1e etage, 3 meter hoog.",
         "Vervoerde 20 liter benzine op de buddyseat.", "Kon zich niet legitimeren; noemde straat niet.",
         "Hing aan de tram tussen Spui en Centrum.", "Vertelde dat de fiets van een vriend is.",
         "Passagier op de achterbank zonder gordel, Utrechtsebaan.", "Parkeerde op invalidenplek zonder kaart.",
         "Liep met bivakmuts bij juwelier, 10 graden en droog."]


# Clean, but hard: written without looking at what the screen does with them, and left as they are.
HARD = ["Reed op de Dr. Lelykade zonder licht.", "Stond bij de P.C. Boutenslaan te wachten.",
        "Gevolgd vanaf de Mr. Droogleever Fortuynweg.", "Start om 21.40.15 uur, einde om 21.52.30 uur.",
        "Zaak 123456 loopt nog bij een ander team.", "Had 1.250.000 euro aan namaakgeld op de achterbank.",
        "Vakken 1, 2, 3, 4, 5, 6, 7, 8 en 9 gecontroleerd.", "Nummers 1-2-3-4-5-6-7-8-9 op briefje in zijn hand.",
        "Signalement: 1.80 m, 75 kg, 25-30 jaar, blauwe jas.", "Audi A4, 3-deurs, bouwjaar 2004-2008, past bij melding.",
        "Artikel 5 WVW 1994 en 2.3.1 APV genoemd in briefing.", "In de week van 16-22 november vaker gezien.",
        "Snelheid was 51.2345 volgens het meetmiddel.", "Op 20-11 om 21:40 al een keer weggestuurd.",
        "Zei 'ik ben Haags'. Daarna liep hij de tram in.", "Nam de afslag N44/A44 naar Wassenaar met gedoofd licht.",
        "Zat op bankje in vak C. Drie anderen liepen door.", "Meneer Politie riep hij en gooide een ei.",
        "Auto van type AB 1234 X uit folder, niet bestaand.", "Had 2 tassen van de Mediamarkt en 1 van de H.M.",
        "Reed als enige met stadslicht. Wist het niet.", "Kwam 3 of 4 keer voorbij in 10-15 minuten.",
        "Sloot aan bij groep van 20-25 op het Spuiplein.", "Volgens de wijk-BOA om 13u30 al aangesproken."]


def clean():
    for street, doing in itertools.product(range(len(STREETS)), range(5)):
        text = DOINGS[(street * 7 + doing * 3) % len(DOINGS)]
        yield "clean", text.format(s=STREETS[street], u=STREETS[(street * 11 + 5) % len(STREETS)], n=2 + below(7),
                                   k=8 + below(40), t="%02d.%02d" % (below(24), below(60)))
    for text in FIXED + HARD:
        yield "clean", text


# Names that no word list of sql/reference/codes.csv has (the test holds them against it): of every origin that is
# common in the Netherlands, written with and without their marks.
HELD_GIVEN = """Alperen Berkay Bünyamin Çağla Defne Egemen Gülsüm İlayda Kıvanç Nisanur Oğuzhan Şevval Tayfun Ufuk Zübeyde
Abdessamad Badreddine Chaymae Fadoua Ghita Hamdi Ibtissam Jihane Kaoutar Lahcen Mouhcine Naoufal Oumaima Rachida Sanae
Tarek Wiam Yahya Zohra Anil Chandni Devika Gaitrie Jairaj Kavita Narain Radjesh Sheela Vidya Akua Efua Kwaku Kofi Nana
Chidi Ngozi Oluwaseun Abebe Selamawit Tesfaye Yohannes Abukar Faduma Hodan Warsame Bogusława Grzegorz Jadwiga Katarzina
Małgorzata Sławomir Zbigniew Bogdana Cosmin Ionuț Ștefania Vasile Desislava Plamen Stoyan Zhivko Arvydas Gintaras
Oksana Svitlana Volodymyr Anzhelika Dmytro Arjun Harpreet Gurpreet Ngoc Thuy Xiaoming Weijun Yifan Jirka Zdeněk
Aukje Baukje Douwe Eabele Froukje Gosse Hylke Ietje Jacomina Klasina Lubbert Meindert Neeltje Oene Popke Reinoud Sjoukje
Teake Wiebren Ytje Adriaantje Barend Cornelia Dingeman Eppo Fokke Geertruida Harmke Jozias Lammert Marchien Roelfina
Alisha Djenaro Elvion Gianni Jermaine Raysheldon Shurendy Tyrone Xiomara Zuleyka""".split()
HELD_SURNAME = """Bozkurt Çelebi Doğru Ekşi Gündoğdu Işık Karabulut Özbek Şimşek Uçar Yüksel Güler Tekin Altıntaş Erdem
Aboutaleb Azzouzi Benhaddou Bouazza Chaouki Fassih Haddouchi Kaddouri Lakhdar Mazouz Oulad Rahmouni Saidi Touzani Zerouali
Yaâqoubi Amrani Khattabi Hamdaoui Morabet Baldewsingh Bisesar Gangaram Jhinkoe Kalpoe Mahabir Nandlal Ramlakhan Soekhoe
Tewarie Adjei Boateng Mensah Owusu Nkrumah Okafor Adeyemi Gebremariam Haile Mulugeta Warsame Jimale
Kowalczyk Wiśniewski Zieliński Lewandowska Dąbrowski Popescu Ionescu Dumitru Georgiev Dimitrov Hristov Kazlauskas
Shevchenko Bondarenko Kovalenko Petrovic Hadžić Begović Phạm Đặng Huynh Zhou Huang
Abma Bleeker Coenders Dijkgraaf Ekelschot Flapper Goudriaan Hoitinga Ijpelaar Jellesma Kamerbeek Landheer Moerkerken
Noordzij Oudejans Pluijmers Quist Riemersma Schraverus Tjoelker Uitdehaag Veltkamp Wezelenburg Zoeteweij Ypma Zeilstra
Anema Boezerooij Cuvelier Duijvestijn Eikelenboom Fictoor Grotenhuis Heemsbergen Kuijvenhoven Lansbergen
Martina Croes Maduro Oduber Werleman Koolman Rumnit Wijdenbosch""".split()
PARTICLES = ["", "", "", "", "van ", "de ", "van der ", "van den ", "el ", "El ", "Ben ", "al-", "ter ", "da "]
NAMED = ["Zag {f} wegrennen bij de supermarkt.", "De fiets is van {f} {l}, zei de passagier.",
         "Sprak met {f} {l} over het geluid van de scooter.", "Volgens {l} was er niets aan de hand.",
         "Volgens collega {l} reed hij door rood.", "Bestuurder {l} had geen verlichting aan.",
         "{f} reed zonder licht op de stoep.", "{f} {l} liep weg toen wij kwamen.", "Hij riep {f} en gooide een pakje weg.",
         "Reed samen met {f} op een bromfiets zonder plaat.", "Verdachte ({f} {l}) voelde aan autodeuren.",
         "Door rood gereden, {l} had haast.", "Stond met {f}, {g} en een derde bij de kluis.",
         "Gaf aan bij {l} thuis te zijn geweest.", "Voldeed aan signalement van {f} {l} uit de briefing.",
         "{l} rende weg na de melding van inbraak.", "Moeder van {f} kwam erbij staan en riep.",
         "Herkend als {l}, reed te hard op de kade.", "Was op zoek naar broer {f}; keek in auto's.",
         "Auto stond op naam van {l}, bestuurder was een ander.", "Telefoon in de hand, belde met {f} naar eigen zeggen.",
         "Zei dat {f} de scooter had geleend."]

# Texts with capitals and no person: shops, makes, streets and places beyond the city, law, days, ordinary words.
UNNAMED = ["Liep weg richting {s} na de melding.", "Zag {b} met gedoofde lichten over de {s} rijden.",
           "Controle bij {w}, twee personen aangesproken.", "Reed in een {b} met kapot achterlicht.",
           "Kwam uit de {w} met een volle tas en rende weg.", "Volgens {a} staat het voertuig te boek als gestolen.",
           "Op {d} ook al gezien bij de {s}.", "Trein naar {p} gemist en toen over het spoor gelopen.",
           "Droeg een jas van {k} en keek steeds om.", "Fietste zonder licht van {p} naar {q}.",
           "Bestuurder van {b} hield een telefoon vast.", "Gooide een blikje van {k} naar de auto van {a}.",
           "Sloeg een ruit in bij {w} aan de {s}.", "Passagier van de {b} had geen gordel om op de {s}.",
           "Melding van {a}: scooter zonder plaat bij {w}.", "Stond stil op de {s}. Reed daarna door rood.",
           "Had een tas van {w} bij zich, met slijptol erin.", "Bij {w} ging het alarm af. Twee fietsers reden weg.",
           "{b} met Frans kenteken reed slingerend over de {s}.", "Wilde niet stoppen voor {a} bij het Station.",
           "Verdachte zat in de tram naar {p} en hing aan de deur.", "Hield zich op bij {w}, voelde aan deuren."]
UN_STREETS = ["Kalverstraat", "Coolsingel", "Oudegracht", "Bilderdijkstraat", "Apeldoornselaan", "Van Baerlestraat",
              "Jan van Galenstraat", "Pieter Calandlaan", "Ds. Wielingastraat", "Kleine Groenmarkt", "Grote Kerkplein",
              "Mauritskade", "Burgemeester De Monchyplein", "Anna Paulownastraat", "Dr. Kuyperdreef", "Turfhaven",
              "Zeesluisweg", "Sportlaan", "Zwarteweg", "Troelstrakade", "Moerweg", "Betje Wolffstraat", "Trekvliet",
              "Laan van Wateringse Veld", "Utrechtsebaan", "Hildebrandplein", "Schedeldoekshaven", "Boomsluiterskade"]
UN_BRANDS = ["Volkswagen Golf", "Audi A3", "BMW 1 serie", "Seat Leon", "Opel Corsa", "Renault Clio", "Ford Fiesta",
             "Mercedes Vito", "Fiat Punto", "Kia Picanto", "Toyota Yaris", "Peugeot 107", "Citroën C1", "Vespa Sprint",
             "Piaggio Zip", "Yamaha Aerox", "Suzuki Swift", "Volvo V40", "Škoda Fabia", "Dacia Sandero", "Tesla Model 3"]
UN_SHOPS = ["Albert Heijn", "de Jumbo", "Kruidvat", "de Mediamarkt", "de HEMA", "Lidl", "de Bijenkorf", "Primark", "McDonald's",
            "de Action", "een Shell", "Decathlon", "de Gamma", "de Haagse Markt", "Holland Spoor", "het Zuiderpark",
            "de Megastores", "het Paard", "de Ikea", "Foot Locker"]
UN_BODIES = ["de ANPR", "een BOA", "het CJIB", "de RDW", "team OV", "de NS", "HTM", "de GGD", "het OM", "de Marechaussee",
             "het Openbaar Ministerie", "de Politie", "Handhaving", "Burgernet", "de Hoge Raad", "de APV"]
UN_DAYS = ["Koningsdag", "zaterdag", "Maandag", "Oudjaarsdag", "Prinsjesdag", "de avond voor Kerst"]
UN_PLACES = ["Rotterdam", "Den Bosch", "Zoetermeer", "Wassenaar", "Hoek van Holland", "Alphen aan den Rijn", "Leiden",
             "Amsterdam Centraal", "Kijkduin", "Delft", "Ypenburg", "Antwerpen", "Duitsland", "Nootdorp", "Gouda", "Naaldwijk"]
UN_KINDS = ["Nike", "Stone Island", "Red Bull", "Moncler", "Adidas", "Canada Goose", "Heineken", "The North Face"]


def named():
    for i in range(264):
        text = NAMED[i % len(NAMED)]
        last = pick(PARTICLES) + pick(HELD_SURNAME)
        text = text.format(f=pick(HELD_GIVEN), g=pick(HELD_GIVEN), l=last)
        if i % 8 == 5:
            text = unicodedata.normalize("NFD", text)
        if i % 8 == 7:
            text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        yield "name", text


def unnamed():
    for i in range(264):
        yield "clean", UNNAMED[i % len(UNNAMED)].format(
            s=pick(UN_STREETS), b=pick(UN_BRANDS), w=pick(UN_SHOPS), a=pick(UN_BODIES), d=pick(UN_DAYS),
            p=pick(UN_PLACES), q=pick(UN_PLACES), k=pick(UN_KINDS))


def held_out():
    for name in HELD_GIVEN + HELD_SURNAME:
        yield "name", name


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    for name, make in (("certain", certain), ("suspected", suspected), ("clean", clean), ("named", named),
                       ("unnamed", unnamed), ("held-out", held_out)):
        with open(os.path.join(here, name + ".txt"), "w", encoding="utf-8", newline="\n") as out:
            for kind, text in make():
                out.write(kind + "\t" + text + "\n")
