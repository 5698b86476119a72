# SPDX-License-Identifier: EUPL-1.2
# Maatstaf is built by this one file. `make help` lists what it can do.

# A build with fault points (FAULTS=1) or with a fault planted (PLANTED=name; it has the points too)
# lies in a folder of its own with its programs: docs/operations/torture.md.
ifneq ($(PLANTED),)
BUILD    := build/planted-$(PLANTED)
BINDIR   := $(BUILD)
FAULTY   := -DFAULTS=1 -DPLANTED_BUILD=PLANTED_ID_$(subst -,_,$(PLANTED))
else ifneq ($(FAULTS),)
BUILD    := build/faults
BINDIR   := $(BUILD)
FAULTY   := -DFAULTS=1
endif
CC       ?= gcc
BUILD    ?= build
BINDIR   ?= .
PREFIX   ?= /usr/local
VERSION  := 0.1.0

PG_BINDIR := $(shell pg_config --bindir 2>/dev/null || echo /usr/lib/postgresql/15/bin)
PACKAGES  := libpq jansson libcurl libmicrohttpd libssl libcrypto icu-uc icu-i18n hunspell
STAT_PACKAGES := lapacke openblas
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) $(STAT_PACKAGES) 2>/dev/null)
LIBS      := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lm -lpthread
STAT_LIBS := -lRmath $(shell pkg-config --libs $(STAT_PACKAGES) 2>/dev/null)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wcast-qual -Wformat=2 -Wvla -Wwrite-strings -Wundef -Werror
OPTIMISE ?= -O2 -g
HARDEN   := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
CFLAGS   ?=
ALL_CFLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -ffp-contract=off $(OPTIMISE) $(HARDEN) $(WARNINGS) \
              -I. -I$(BUILD) $(PKG_CFLAGS) -DMAATSTAF_VERSION='"$(VERSION)"' \
              -DMAATSTAF_PG_BINDIR='"$(PG_BINDIR)"' $(FAULTY) $(CFLAGS) -MMD -MP
LDFLAGS  ?=
# V=1 shows the commands
Q := $(if $(V),,@)
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
INTEGRATION_C := $(wildcard tests/integration/*.c)
TESTLIB_C   := $(wildcard tests/lib/*.c)

EMBEDDED    := $(wildcard sql/migrations/*.sql sql/functions/*.sql sql/views/*.sql sql/roles.sql) \
               $(wildcard sql/queries/*/*.sql) $(wildcard collector/profiles/*.json) \
               $(wildcard sql/reference/*.csv sql/reference/*.json) $(wildcard analyzer/report/*.css)

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))

COMMON_O := $(call obj,$(COMMON_C))
SQL_O    := $(call obj,$(SQL_C)) $(BUILD)/gen/queries.o $(BUILD)/gen/scripts.o


ANALYZER_O := $(call obj,$(ANALYZER_C) $(STAT_C))
COLLECTOR_O := $(call obj,$(COLLECTOR_C))

PROGRAMS := $(addprefix $(BINDIR)/,maatstaf maatstaf-db maatstaf-collector maatstaf-analyzer maatstaf-simulate)

.PHONY: all help clean install install-deps demo test test-long lint san fuzz bench docs \
        format tidy cppcheck layers banned shell
all: $(PROGRAMS) ## the programs

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

$(BUILD)/%.o: %.c | $(BUILD)/gen/queries.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

# The inner loops of the samplers: more optimisation, the same bits (no -ffast-math, no -march).
LOOPS := $(addprefix $(BUILD)/analyzer/stat/,threshold_normal.o threshold_beta.o metric.o nuts_tree.o)
$(LOOPS): OPTIMISE += $(if $(findstring sanitize,$(OPTIMISE)),,-O3 -fno-trapping-math)

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/gen/queries.h $(BUILD)/gen/queries.c $(BUILD)/gen/scripts.c &: tools/embed.awk tools/embed.sh $(EMBEDDED)
	@mkdir -p $(BUILD)/gen
	$(Q)tools/embed.sh $(BUILD)/gen $(sort $(EMBEDDED))

# What a program that differs from the one that made a document is told by: a hash of what it is made of.
BUILT_FROM := $(sort $(wildcard common/*.[ch] sql/*.[ch] analyzer/*.[ch] analyzer/*/*.[ch]) $(EMBEDDED))
$(BUILD)/gen/build.h: $(BUILT_FROM)
	@mkdir -p $(BUILD)/gen
	$(Q)printf '#define MAATSTAF_BUILD "%.12s"\n' "$$(cat $(BUILT_FROM) | sha256sum)" > $@
$(BUILD)/analyzer/main.o: $(BUILD)/gen/build.h

LINK = $(Q)mkdir -p $(@D); $(CC) $(OPTIMISE) $(ALL_LDFLAGS) -o $@ $^

$(BINDIR)/maatstaf: $(BUILD)/maatstaf.o $(COMMON_O)
	$(LINK) $(LIBS)
$(BINDIR)/maatstaf-db: $(BUILD)/sql/main.o $(SQL_O) $(COMMON_O)
	$(LINK) $(LIBS)
$(BINDIR)/maatstaf-collector: $(BUILD)/collector/main.o $(COLLECTOR_O) $(SQL_O) $(COMMON_O)
	$(LINK) $(LIBS)
$(BINDIR)/maatstaf-analyzer: $(BUILD)/analyzer/main.o $(ANALYZER_O) $(SQL_O) $(COMMON_O)
	$(LINK) $(STAT_LIBS) $(LIBS)
$(BINDIR)/maatstaf-simulate: $(BUILD)/tests/simulator/main.o $(call obj,$(SIMULATOR_C)) $(SQL_O) $(COMMON_O)
	$(LINK) $(LIBS)

clean: ## remove what was built (not the data under .maatstaf)
	rm -rf build maatstaf maatstaf-db maatstaf-collector maatstaf-analyzer maatstaf-simulate

install-deps: ## install the Debian packages that are missing (FOR=run, test or lint)
	tools/install-deps.sh $(or $(FOR),lint)

install: all ## put programs and man pages under DESTDIR/PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin/
	$(BINDIR)/maatstaf --man > $(DESTDIR)$(PREFIX)/share/man/man1/maatstaf.1
	for p in db collector analyzer simulate; do \
	    $(BINDIR)/maatstaf-$$p --man > $(DESTDIR)$(PREFIX)/share/man/man1/maatstaf-$$p.1; done

# The first thing a newcomer runs: installs, builds with what is then there, and shows the whole way.
demo: ## The Hague simulated for 24 months: import, analysis, report
	@tools/install-deps.sh run
	@$(MAKE) --no-print-directory -s -j2 all
	@tools/demo.sh

# ---- tests ---------------------------------------------------------------------------------------

test: ## install what is missing, build, run every test; the last line counts them
	@tools/install-deps.sh test
	@$(MAKE) --no-print-directory -s -j2 test-programs
	@BUILD=$(BUILD) BINDIR=$(BINDIR) tools/test.sh

.PHONY: test-programs
test-programs: $(PROGRAMS) $(BUILD)/test-unit $(BUILD)/test-stat $(BUILD)/test-integration fault-programs

$(BUILD)/gen/unit_main.c: $(UNIT_C) tools/suites.sh
	@mkdir -p $(@D)
	$(Q)tools/suites.sh $(UNIT_C) > $@
$(BUILD)/gen/stat_main.c: $(STATTEST_C) tools/suites.sh
	@mkdir -p $(@D)
	$(Q)tools/suites.sh $(STATTEST_C) > $@
$(BUILD)/gen/integration_main.c: $(INTEGRATION_C) tools/suites.sh
	@mkdir -p $(@D)
	$(Q)tools/suites.sh $(INTEGRATION_C) > $@

CHECK_LIBS = $$(pkg-config --libs check)
TESTLIB_O := $(call obj,$(TESTLIB_C))

$(BUILD)/test-unit: $(BUILD)/gen/unit_main.o $(call obj,$(UNIT_C)) $(TESTLIB_O) $(COLLECTOR_O) $(ANALYZER_O) \
                    $(call obj,$(SIMULATOR_C)) $(SQL_O) $(COMMON_O)
	$(LINK) $(CHECK_LIBS) $(STAT_LIBS) $(LIBS)
$(BUILD)/test-stat: $(BUILD)/gen/stat_main.o $(call obj,$(STATTEST_C)) $(TESTLIB_O) $(COLLECTOR_O) $(ANALYZER_O) \
                    $(BUILD)/tests/simulator/city.o $(SQL_O) $(COMMON_O)
	$(LINK) $(CHECK_LIBS) $(STAT_LIBS) $(LIBS)
$(BUILD)/test-integration: $(BUILD)/gen/integration_main.o $(call obj,$(INTEGRATION_C)) $(TESTLIB_O) $(COLLECTOR_O) \
                    $(ANALYZER_O) $(BUILD)/tests/simulator/city.o $(SQL_O) $(COMMON_O)
	$(LINK) $(CHECK_LIBS) $(STAT_LIBS) $(LIBS)

test-long: ## the long runs: fuzzing, crash rounds
	@tools/install-deps.sh test
	@$(MAKE) --no-print-directory -s -j2 test-programs fuzz-programs
	@LONG=1 BUILD=$(BUILD) BINDIR=$(BINDIR) tools/test.sh

.PHONY: fault-programs torture
fault-programs: $(BUILD)/fault-load $(BUILD)/fault-proxy
$(BUILD)/fault-%: $(BUILD)/tests/fault/%.o $(COMMON_O)
	$(LINK) $(LIBS)
torture: ## kill -9, failing and full disks, a bad network, under load: ROUNDS=200
	@tools/install-deps.sh test
	@$(MAKE) --no-print-directory -s -j2 all fault-programs
	@$(MAKE) --no-print-directory -s -j2 FAULTS=1 build/faults/maatstaf-collector
	@ROUNDS=$(or $(ROUNDS),200) BUILD=$(BUILD) BINDIR=$(BINDIR) FAULTS=build/faults sh tests/fault/torture.sh

SAN := CC=clang BUILD=build/san BINDIR=build/san HARDEN= \
       OPTIMISE="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
san: ## every test under the address and undefined-behaviour sanitizers
	@tools/install-deps.sh test
	@$(MAKE) --no-print-directory -s -j2 $(SAN) test-programs
	@SANITIZED=1 BUILD=build/san BINDIR=build/san tools/test.sh

FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*.c))
.PHONY: fuzz-programs
fuzz-programs:
	@$(MAKE) --no-print-directory -s -j2 CC=clang BUILD=build/fuzz HARDEN= \
	    OPTIMISE="-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all" fuzz-link
.PHONY: fuzz-link
fuzz-link: $(FUZZERS)
$(BUILD)/fuzz/fit: $(ANALYZER_O)
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(COLLECTOR_O) $(SQL_O) $(COMMON_O)
	@mkdir -p $(@D)
	$(CC) -fsanitize=fuzzer,address,undefined $(ALL_LDFLAGS) -o $@ $^ -lcsv $(if $(filter fit,$(@F)),$(STAT_LIBS)) $(LIBS)
fuzz: ## run each fuzz target for SECONDS=60, two at a time
	@tools/install-deps.sh test
	@$(MAKE) --no-print-directory -s fuzz-programs
	@tools/fuzz.sh $(or $(SECONDS),60)

$(BUILD)/http_load: $(call obj,$(wildcard tests/bench/http_load*.c)) $(COMMON_O)
	$(LINK) $(LIBS)

bench: all ## ours, the peer's and the ratio, side by side
	@tools/install-deps.sh run
	@tests/bench/run.sh
	@tests/bench/serve.sh
	@tests/bench/veil.sh
	@tests/bench/threshold.sh

# ---- lint ----------------------------------------------------------------------------------------

OURS = $(shell git ls-files --cached --others --exclude-standard '*.c' '*.h')
lint: format layers banned shell cppcheck tidy ## format, layers, banned calls, shell, cppcheck, clang-tidy
	@echo "lint: nothing to report"
format:
	@clang-format --dry-run -Werror $(OURS)
layers:
	@tools/layers.sh
banned:
	@tools/banned.sh
shell:
	@shellcheck -S warning $(shell git ls-files '*.sh' ':!tests/cases')
	@shellcheck -s sh $(shell git ls-files 'tests/cases/*.sh') # sourced by tests/integration/cases.sh
cppcheck: $(BUILD)/gen/queries.h $(BUILD)/gen/build.h
	@cppcheck -q --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	    --suppress=missingIncludeSystem --include=tools/cppcheck.h -I. -I$(BUILD) -j2 $(filter %.c,$(OURS))
tidy: $(BUILD)/gen/queries.h $(BUILD)/gen/build.h
	@printf '%s\n' $(filter %.c,$(OURS)) | xargs -P2 -n4 sh -c 'clang-tidy --quiet "$$@" -- -std=c17 \
	    -D_POSIX_C_SOURCE=200809L -I. -I$(BUILD) $(PKG_CFLAGS) -DMAATSTAF_VERSION=\"$(VERSION)\" \
	    -DMAATSTAF_PG_BINDIR=\"x\" 2>/dev/null' tidy

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
