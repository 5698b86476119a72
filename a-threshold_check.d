threshold_check.o: analyzer/stat/threshold_check.c \
 analyzer/stat/threshold_check.h analyzer/stat/threshold.h \
 analyzer/stat/nuts.h analyzer/stat/metric.h common/arena.h common/rng.h \
 common/err.h
analyzer/stat/threshold_check.h:
analyzer/stat/threshold.h:
analyzer/stat/nuts.h:
analyzer/stat/metric.h:
common/arena.h:
common/rng.h:
common/err.h:
