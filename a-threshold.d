threshold.o: analyzer/measure/threshold.c analyzer/measure/sampled.h \
 analyzer/measure/measure.h analyzer/measure/cube.h \
 analyzer/cells/inputs.h analyzer/cells/cells.h common/arena.h sql/sums.h \
 common/clock.h common/err.h common/str.h common/sun.h sql/unit_months.h \
 analyzer/measure/figure.h analyzer/measure/later.h \
 analyzer/measure/months.h analyzer/measure/small.h \
 analyzer/stat/posterior.h analyzer/stat/diagnose.h analyzer/stat/nuts.h \
 analyzer/stat/metric.h common/rng.h analyzer/stat/quantile.h \
 analyzer/stat/threshold_check.h analyzer/stat/threshold.h
analyzer/measure/sampled.h:
analyzer/measure/measure.h:
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
analyzer/measure/later.h:
analyzer/measure/months.h:
analyzer/measure/small.h:
analyzer/stat/posterior.h:
analyzer/stat/diagnose.h:
analyzer/stat/nuts.h:
analyzer/stat/metric.h:
common/rng.h:
analyzer/stat/quantile.h:
analyzer/stat/threshold_check.h:
analyzer/stat/threshold.h:
