posterior.o: analyzer/stat/posterior.c analyzer/stat/posterior.h \
 analyzer/stat/diagnose.h common/arena.h analyzer/stat/nuts.h \
 analyzer/stat/metric.h common/rng.h
analyzer/stat/posterior.h:
analyzer/stat/diagnose.h:
common/arena.h:
analyzer/stat/nuts.h:
analyzer/stat/metric.h:
common/rng.h:
