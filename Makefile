# SPDX-License-Identifier: EUPL-1.2
# Maatstaf is built by this one file. `make help` lists what it can do.

CC       ?= gcc
BUILD    ?= build
PREFIX   ?= /usr/local
VERSION  := 0.1.0

PG_BINDIR := $(shell pg_config --bindir 2>/dev/null || echo /usr/lib/postgresql/15/bin)
PACKAGES  := libpq jansson libcurl libcrypto icu-uc icu-i18n
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LIBS      := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lm -lpthread
STAT_LIBS := -lRmath -llapacke -lopenblas

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wcast-qual -Wformat=2 -Wvla -Wwrite-strings -Wundef -Werror
OPTIMISE ?= -O2 -g
HARDEN   := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
CFLAGS   ?=
ALL_CFLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -ffp-contract=off $(OPTIMISE) $(HARDEN) $(WARNINGS) \
              -I. -I$(BUILD) $(PKG_CFLAGS) -DMAATSTAF_VERSION='"$(VERSION)"' \
              -DMAATSTAF_PG_BINDIR='"$(PG_BINDIR)"' $(CFLAGS) -MMD -MP
LDFLAGS  ?=
ALL_LDFLAGS := -pie -Wl,-z,relro,-z,now $(LDFLAGS)

# ---- what is built -------------------------------------------------------------------------------

COMMON_C    := $(wildcard common/*.c)
SQL_C       := $(filter-out sql/main.c,$(wildcard sql/*.c))
COLLECTOR_C := $(filter-out collector/main.c,$(wildcard collector/*.c))
STAT_C      := $(wildcard analyzer/stat/*.c)
ANALYZER_C  := $(filter-out analyzer/main.c,$(wildcard analyzer/*.c analyzer/cells/*.c \
               analyzer/measure/*.c analyzer/fit/*.c analyzer/report/*.c analyzer/release/*.c))
SIMULATOR_C := $(filter-out tests/simulator/main.c,$(wildcard tests/simulator/*.c))
UNIT_C      := $(wildcard tests/unit/*.c)
STATTEST_C  := $(wildcard tests/stat/*.c)
TESTLIB_C   := $(wildcard tests/lib/*.c)

EMBEDDED    := $(wildcard sql/migrations/*.sql sql/functions/*.sql sql/views/*.sql sql/roles.sql) \
               $(wildcard sql/queries/*/*.sql) $(wildcard collector/profiles/*.json) \
               $(wildcard sql/reference/*.csv sql/reference/*.json) $(wildcard analyzer/report/*.css)

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))

COMMON_O := $(call obj,$(COMMON_C))
SQL_O    := $(call obj,$(SQL_C)) $(BUILD)/gen/queries.o $(BUILD)/gen/scripts.o

PROGRAMS := maatstaf maatstaf-db maatstaf-collector maatstaf-analyzer maatstaf-simulate

.PHONY: all help
all: $(PROGRAMS)

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

$(BUILD)/%.o: %.c | $(BUILD)/gen/queries.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/gen/queries.h $(BUILD)/gen/queries.c $(BUILD)/gen/scripts.c &: tools/embed.awk tools/embed.sh $(EMBEDDED)
	@mkdir -p $(BUILD)/gen
	tools/embed.sh $(BUILD)/gen $(sort $(EMBEDDED))

maatstaf: $(BUILD)/maatstaf.o $(COMMON_O)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
maatstaf-db: $(BUILD)/sql/main.o $(SQL_O) $(COMMON_O)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
maatstaf-collector: $(BUILD)/collector/main.o $(call obj,$(COLLECTOR_C)) $(SQL_O) $(COMMON_O)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
maatstaf-analyzer: $(BUILD)/analyzer/main.o $(call obj,$(ANALYZER_C) $(STAT_C)) $(SQL_O) $(COMMON_O)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(STAT_LIBS) $(LIBS)
maatstaf-simulate: $(BUILD)/tests/simulator/main.o $(call obj,$(SIMULATOR_C)) $(BUILD)/gen/scripts.o $(COMMON_O)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# ---- tests ---------------------------------------------------------------------------------------

$(BUILD)/gen/unit_main.c: $(UNIT_C) tools/suites.sh
	tools/suites.sh $(UNIT_C) > $@
$(BUILD)/gen/stat_main.c: $(STATTEST_C) tools/suites.sh
	tools/suites.sh $(STATTEST_C) > $@

$(BUILD)/test-unit: $(BUILD)/gen/unit_main.o $(call obj,$(UNIT_C) $(TESTLIB_C)) $(call obj,$(COLLECTOR_C)) $(SQL_O) $(COMMON_O)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $$(pkg-config --libs check) $(LIBS)
$(BUILD)/test-stat: $(BUILD)/gen/stat_main.o $(call obj,$(STATTEST_C) $(STAT_C) $(wildcard analyzer/fit/*.c) $(TESTLIB_C)) $(COMMON_O)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $$(pkg-config --libs check) $(STAT_LIBS) $(LIBS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
