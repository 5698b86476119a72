months.o: analyzer/measure/months.c analyzer/measure/months.h \
 analyzer/measure/cube.h analyzer/cells/inputs.h analyzer/cells/cells.h \
 common/arena.h sql/sums.h common/clock.h common/err.h common/str.h \
 common/sun.h sql/unit_months.h analyzer/measure/figure.h
analyzer/measure/months.h:
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
