group_effect.o: analyzer/measure/group_effect.c \
 analyzer/measure/exposure.h analyzer/measure/cube.h \
 analyzer/cells/inputs.h analyzer/cells/cells.h common/arena.h sql/sums.h \
 common/clock.h common/err.h common/str.h common/sun.h sql/unit_months.h \
 analyzer/measure/figure.h analyzer/measure/residents.h \
 analyzer/measure/measure.h analyzer/measure/later.h \
 analyzer/measure/months.h analyzer/measure/small.h analyzer/stat/rate.h \
 analyzer/stat/pooled.h analyzer/stat/estimate.h \
 analyzer/measure/sampled.h analyzer/stat/posterior.h \
 analyzer/stat/diagnose.h analyzer/stat/nuts.h analyzer/stat/metric.h \
 common/rng.h analyzer/stat/hierarchical.h
analyzer/measure/exposure.h:
analyzer/measure/cube.h:
analyzer/cells/inputs.h:
analyzer/cells/cells.h:
common/arena.h:
sql/sums.h:
common/clock.h:
common/err.h:
common/str.h:
common/sun.h:
sql/unit_months.h:
analyzer/measure/figure.h:
analyzer/measure/residents.h:
analyzer/measure/measure.h:
analyzer/measure/later.h:
analyzer/measure/months.h:
analyzer/measure/small.h:
analyzer/stat/rate.h:
analyzer/stat/pooled.h:
analyzer/stat/estimate.h:
analyzer/measure/sampled.h:
analyzer/stat/posterior.h:
analyzer/stat/diagnose.h:
analyzer/stat/nuts.h:
analyzer/stat/metric.h:
common/rng.h:
analyzer/stat/hierarchical.h:
