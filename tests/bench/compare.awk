# SPDX-License-Identifier: EUPL-1.2
# awk -f compare.awk OURS.csv R.csv: is it the same job? The same figures must be there, withheld by the
# same guards, with the same numbers to 1e-8. Looser, and said so: what R's fisher.test solves to 1e-4, and
# the parts that come from random draws, which must agree within a tenth (a distance, from 200 draws, also within 0.06).
BEGIN { FS = "," }
{ gsub(/"/, "") } # R quotes the empty text; no value holds a comma
FNR == 1 {
    file++
    for (i = 1; i <= NF; i++)
        column[file, $i] = i
    next
}
function field(name) { return $(column[file, name]) }
function number(text) { return text == "" || text == "NA" || text ~ /[Ii]nf/ ? "" : text + 0 }
function far(a, b, most, least,    size) {
    if (a == "" || b == "")
        return a != b
    size = (a < 0 ? -a : a) > (b < 0 ? -b : b) ? (a < 0 ? -a : a) : (b < 0 ? -b : b)
    return (a > b ? a - b : b - a) > most * size + (least ? least : 1e-12)
}
{
    key = field("measure") "," field("window") "," field("level_of_place") "," field("place") "," \
        field("perspective") "," field("group") "," field("term") "," field("benchmark")
}
file == 1 {
    ours++
    value[key] = number(field("value"))
    lower[key] = number(field("lower"))
    upper[key] = number(field("upper"))
    p[key] = number(field("p"))
    guard[key] = field("guard")
    next
}
{
    theirs++
    drawn = field("measure") == "reason-distance" ||
        (field("benchmark") == "residents" && field("measure") != "homogeneity")
    fisher = field("measure") == "rate-ratio" && field("benchmark") != "residents"
    most = drawn ? 0.1 : fisher ? 1e-3 : 1e-8
    least = field("measure") == "reason-distance" ? 0.06 : 0
    if (!(key in value))
        why = "is not ours"
    else if (guard[key] != field("guard"))
        why = "is withheld by another guard"
    else if (far(value[key], number(field("value")), fisher ? 1e-3 : 1e-8))
        why = "has another value"
    else if (far(lower[key], number(field("lower")), most, least) ||
             far(upper[key], number(field("upper")), most, least))
        why = "has another interval"
    else if (!drawn && far(p[key], number(field("p")), 1e-7))
        why = "has another p"
    else {
        exact += !drawn && !fisher
        next
    }
    if (wrong++ < 10)
        print "differs: " key " " why > "/dev/stderr"
}
END {
    if (ours != theirs || wrong > 0 || ours == 0) {
        printf "ours are %d figures, R's are %d, %d differ\n", ours, theirs, wrong > "/dev/stderr"
        exit 1
    }
    printf "%d figures on both sides, %d of them equal to 1e-8, the others as closely as drawn or solved\n", ours, exact
}
