# SPDX-License-Identifier: EUPL-1.2
# awk -f compare.awk OURS.csv R.csv: is it the same job? The same figures must be there, withheld by the
# same guards, with the same numbers to 1e-8. Looser, and said so: what R's fisher.test solves to 1e-4, and
# the parts that come from random draws, which must agree within a tenth (a distance, from 200 draws, also within 0.06).
# R withholds groups of fewer than ten; what ours withholds besides, so that such a group cannot be worked out
# (A001), or leaves out because one side of a comparison is withheld so, is counted and may be a fifth at most.
# A006 stands beside a value and withholds nothing.
BEGIN {
    FS = ","
    compared = "^(rate-ratio|index-gap-[a-z]+|[a-z-]+-difference(-(strict|broad))?)$"
}
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
    guard[key] = field("guard") == "A006" ? "" : field("guard")
    next
}
{
    theirs++
    drawn = field("measure") == "reason-distance" ||
        (field("benchmark") == "residents" && field("measure") != "homogeneity")
    fisher = field("measure") == "rate-ratio" && field("benchmark") != "residents"
    most = drawn ? 0.1 : fisher ? 1e-3 : 1e-8
    least = field("measure") == "reason-distance" ? 0.06 : 0
    if (key in value ? guard[key] == "A001" && field("guard") != "A001" : field("measure") ~ compared) {
        protected++
        next
    }
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
    if (file != 2 || theirs == 0 || ours + protected < theirs || wrong > 0 || protected > theirs / 5) {
        printf "ours are %d figures, R's are %d, %d differ\n", ours, theirs, wrong > "/dev/stderr"
        exit 1
    }
    printf "%d figures, %d of them equal to 1e-8, the others as closely as drawn or solved; %d withheld for others\n",
        theirs, exact, protected
}
