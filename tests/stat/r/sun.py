#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""An almanac of one year for tests/stat/sun_year.c: PyEphem (apt install python3-ephem), whose theory of the
sun (VSOP87) is another than ours. For each local day from mean solar noon: seconds since 1970 of sunset
(upper limb, refraction of 34 minutes of arc) and of civil dusk; 0 where it does not come.
Run from the root of the checkout: /usr/bin/python3 tests/stat/r/sun.py [folder]"""
import calendar
import json
import sys

import ephem

CITIES = [("The Hague", "52.08", "4.31"), ("Minneapolis", "44.98", "-93.27"),
          ("Raleigh", "35.78", "-78.64"), ("Reykjavik", "64.15", "-21.94"), ("Quito", "-0.22", "-78.51")]
YEAR = 2026


def setting(observer, noon, horizon):
    observer.horizon = horizon
    observer.date = noon
    try:
        event = observer.next_setting(ephem.Sun(), use_center=True)
    except (ephem.AlwaysUpError, ephem.NeverUpError):
        return 0
    if event - noon > 0.75:
        return 0  # of another day
    return round(calendar.timegm(event.tuple()[:5] + (0, 0, 0, 0)) + event.tuple()[5])


def year_of(name, latitude, longitude):
    observer = ephem.Observer()
    observer.lat, observer.lon, observer.pressure = latitude, longitude, 0
    first = ephem.Date((YEAR, 1, 1, 12))
    noons = [ephem.Date(first + day - float(longitude) / 360) for day in range(365)]
    return {"name": name, "latitude": float(latitude), "longitude": float(longitude), "year": YEAR,
            "sunset": [setting(observer, noon, "-0.833") for noon in noons],
            "dusk": [setting(observer, noon, "-6") for noon in noons]}


folder = sys.argv[1] if len(sys.argv) > 1 else "tests/stat/golden"
with open(folder + "/sun.json", "w", encoding="utf-8") as out:
    json.dump({"cities": [year_of(*c) for c in CITIES]}, out, indent=None)
    out.write("\n")
