# SPDX-License-Identifier: EUPL-1.2
# The second person lacks a mandatory field; the third searches without saying on what basis. The rows of persons
# two and three are rows of the registration before them.
{ sample_csv 12; sample_rows 1 100 | sed 's/,1,1,1,BU/,3,3,3,BU/' > first; cat first
  sed 's/,unprompted,1,driver,25-34,man,/,unprompted,2,passenger,,man,/; s/,unprompted,1,driver,35-49,man,/,unprompted,2,passenger,,man,/' first
  sed 's/,unprompted,1,driver,/,unprompted,3,passenger,/' first; } > input.csv
{ sample_ndjson 12 200; sample_ndjson 1 300 | sed 's/"persons_present":1,"persons_registered":1/"persons_present":2,"persons_registered":2/; s/"occupants":1/"occupants":2/
    s/"persons":\[\({.*}\)\]}$/"persons":[\1,\1]}/; s/\(.*\)"person_seq":1,"role":"driver"/\1"person_seq":2,"role":"passenger"/' |
    sed 's/\(.*\)"actions":\[{"id_checked":"shown","search_kind":"none","force":\["none"\]}\]/\1"actions":[{"id_checked":"shown","search_kind":"none","force":["none"]},{"id_checked":"shown","search_kind":"clothing","force":["none"]}]/'; } > input.ndjson
