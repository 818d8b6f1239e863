# purvey: one Makefile, not recursive; everything built lands under build/.
#
#   make           build purvey and purvey-demo          make demo    install what is missing, build, open the demo
#   make check     install, build with sanitizers, test  make bench   measure
#   make install   PREFIX=/usr/local DESTDIR=            make clean

VERSION := 0.1.0
# As many jobs as there are processors, unless told otherwise.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
PREFIX ?= /usr/local
BASH_COMPLETIONS = $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETIONS = $(PREFIX)/share/zsh/site-functions
CC ?= gcc

# The one list of Debian packages. tests/check_packages proves that it covers all that this file uses.
BUILD_PACKAGES := gcc libc6-dev pkg-config libncurses-dev libcurl4-gnutls-dev libgnutls28-dev libcjson-dev \
	libxml2-dev libsqlite3-dev libpcre2-dev libutf8proc-dev libmicrohttpd-dev libkeyutils-dev libqrencode-dev zlib1g-dev
CHECK_PACKAGES := mawk libcmocka-dev libvterm-dev clang libclang-rt-14-dev pmccabe mandoc curl procps perl locales openssl softhsm2 gnutls-bin
BENCH_PACKAGES := less jq strace valgrind python3 curl perl

BUILD_MODULES := ncursesw libcurl gnutls libcjson libxml-2.0 sqlite3 libpcre2-8 libutf8proc libmicrohttpd libkeyutils libqrencode
CHECK_MODULES := cmocka vterm

# LIBSECRET=1: sign-ins can also be kept in the keyring of the desktop.
LIBSECRET ?= 0
ifeq ($(LIBSECRET),1)
BUILD_PACKAGES += libsecret-1-dev
CHECK_PACKAGES += gnome-keyring dbus
BUILD_MODULES += libsecret-1
LIBSECRET_CFLAGS := -DPURVEY_LIBSECRET
endif

# Flags are asked for when a recipe runs, because the packages may have been installed a moment before.
MODULE_CFLAGS = $$(pkg-config --cflags $(BUILD_MODULES))
PURVEY_LIBS = $$(pkg-config --libs $(BUILD_MODULES)) -lpthread
DEMO_LIBS = $$(pkg-config --libs libmicrohttpd gnutls libcjson libxml-2.0 libutf8proc zlib) -lpthread
TEST_LIBS = $$(pkg-config --libs $(BUILD_MODULES) $(CHECK_MODULES) zlib) -lutil -lpthread

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wformat=2 -Wvla
COMMON := -std=c11 -D_GNU_SOURCE -DPURVEY_VERSION='"$(VERSION)"' -Isrc -I. -MMD -MP $(WARNINGS)
HARDENING := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
CFLAGS ?= -O2 -g

FLAGS_release = $(CFLAGS) $(HARDENING)
FLAGS_asan = -Werror -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_tsan = -Werror -O1 -g -fsanitize=thread -fno-omit-frame-pointer
FLAGS_fuzz = -Werror -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LINK_release = -pie -Wl,-z,relro,-z,now $(LDFLAGS)
LINK_asan = -fsanitize=address,undefined
LINK_tsan = -fsanitize=thread
CC_release = $(CC)
CC_asan = $(CC)
CC_tsan = $(CC)
CC_fuzz = clang

LIB_SOURCES := $(filter-out src/demo/%,$(shell find src -name '*.c'))
DEMO_SOURCES := $(wildcard src/demo/*.c)
UI_SOURCES := $(filter-out ui/main.c,$(shell find ui -name '*.c'))
UNIT_TESTS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
SCREEN_TESTS := $(patsubst tests/screens/%.c,%,$(wildcard tests/screens/test_*.c))
E2E_TESTS := $(patsubst tests/end_to_end/%.c,%,$(wildcard tests/end_to_end/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
BENCHES := $(patsubst tests/bench/%.c,%,$(wildcard tests/bench/bench_*.c))
TEST_HELPERS := $(filter-out $(wildcard tests/*/test_*.c tests/fuzz/*.c tests/bench/*.c),$(wildcard tests/*/*.c))
SCRIPTS := $(wildcard tests/check_*) $(wildcard tests/end_to_end/*.sh)

.PHONY: all demo check bench install uninstall clean deps clang-warnings fuzz print-packages print-modules
.DELETE_ON_ERROR:
.SECONDARY:

all: build/release/purvey build/release/purvey-demo

# Where a recipe needs packages: `make` says what is missing, `make demo|check|bench|deps` installs it.
INSTALL :=
demo check bench deps fuzz: INSTALL := --install

build/.packages-build: Makefile tests/install_packages
	@mkdir -p build
	@tests/install_packages $(INSTALL) $(BUILD_PACKAGES)
	@touch $@

build/.packages-check: Makefile tests/install_packages build/.packages-build
	@tests/install_packages $(INSTALL) $(CHECK_PACKAGES)
	@touch $@

build/.packages-bench: Makefile tests/install_packages build/.packages-check
	@tests/install_packages $(INSTALL) $(BENCH_PACKAGES)
	@touch $@

deps: build/.packages-bench

# One set of rules for each way of building.
define variant
build/$(1)/%.o: %.c | build/.packages-build
	@mkdir -p $$(@D)
	@echo "  CC $(1) $$<"
	@$$(CC_$(1)) $$(COMMON) $$(FLAGS_$(1)) $$(MODULE_CFLAGS) -c $$< -o $$@

build/$(1)/libpurvey.a: $$(LIB_SOURCES:%.c=build/$(1)/%.o)
	@rm -f $$@ && ar rcs $$@ $$^

build/$(1)/libui.a: $$(UI_SOURCES:%.c=build/$(1)/%.o)
	@rm -f $$@ && ar rcs $$@ $$^

build/$(1)/libtest.a: $$(TEST_HELPERS:%.c=build/$(1)/%.o)
	@rm -f $$@ && ar rcs $$@ $$^

build/$(1)/libdemo.a: $$(patsubst %.c,build/$(1)/%.o,$$(filter-out src/demo/main.c,$$(DEMO_SOURCES)))
	@rm -f $$@ && ar rcs $$@ $$^

build/$(1)/purvey: build/$(1)/ui/main.o build/$(1)/libui.a build/$(1)/libpurvey.a
	@echo "  LD $(1) $$@"
	@$$(CC) $$(LINK_$(1)) -o $$@ $$^ $$(PURVEY_LIBS)

build/$(1)/purvey-demo: build/$(1)/src/demo/main.o build/$(1)/libdemo.a build/$(1)/libpurvey.a
	@echo "  LD $(1) $$@"
	@$$(CC) $$(LINK_$(1)) -o $$@ $$^ $$(DEMO_LIBS)

build/$(1)/tests/%: build/$(1)/tests/%.o build/$(1)/libtest.a build/$(1)/libdemo.a build/$(1)/libui.a build/$(1)/libpurvey.a \
		| build/.packages-check
	@echo "  LD $(1) $$@"
	@$$(CC) $$(LINK_$(1)) -o $$@ $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(TEST_LIBS)
endef
$(foreach v,release asan tsan fuzz,$(eval $(call variant,$(v))))

# The one file that knows of it is made anew when the choice is another one. The mark is set while this is read, because
# .SECONDARY would let a missing one pass.
LIBSECRET_MARK := build/.libsecret-$(LIBSECRET)
$(shell [ -e $(LIBSECRET_MARK) ] || { mkdir -p build && rm -f build/.libsecret-* && touch $(LIBSECRET_MARK); } 2>/dev/null)
LIBSECRET_FILES := $(foreach v,release asan tsan fuzz,build/$(v)/src/auth/token_cache_libsecret.o) \
	build/clang/src/auth/token_cache_libsecret.ok
$(LIBSECRET_FILES): $(LIBSECRET_MARK)
$(LIBSECRET_FILES): COMMON += $(LIBSECRET_CFLAGS)

# Every test program may see the sanitized programs that it drives.
ASAN_TESTS := $(UNIT_TESTS:%=build/asan/tests/unit/%) $(SCREEN_TESTS:%=build/asan/tests/screens/%) \
	$(E2E_TESTS:%=build/asan/tests/end_to_end/%)
TSAN_TESTS := $(patsubst %,build/tsan/tests/unit/%,$(filter test_mailbox test_engine,$(UNIT_TESTS)))

demo: build/release/purvey build/release/purvey-demo
	@build/release/purvey --demo

check: build/.packages-check build/asan/purvey build/asan/purvey-demo $(ASAN_TESTS) $(TSAN_TESTS) \
		build/release/purvey build/release/purvey-demo clang-warnings $(FUZZERS:%=build/fuzz/%)
	@tests/run $(ASAN_TESTS) $(TSAN_TESTS) $(FUZZERS:%=build/fuzz/%) $(SCRIPTS)

# The second compiler looks at everything and builds nothing.
CLANG_OBJECTS := $(patsubst %.c,build/clang/%.ok,$(LIB_SOURCES) $(DEMO_SOURCES) $(UI_SOURCES) ui/main.c \
	$(wildcard tests/*/*.c))
build/clang/%.ok: %.c | build/.packages-check
	@mkdir -p $(@D)
	@clang $(COMMON) -Werror -O1 $(MODULE_CFLAGS) -fsyntax-only -MF $(@:.ok=.d) -MT $@ $<
	@touch $@
clang-warnings: $(CLANG_OBJECTS)

# Fuzzers: clang's libFuzzer, sanitized; tests/run gives each a bounded number of runs.
build/fuzz/fuzz_%: build/fuzz/tests/fuzz/fuzz_%.o build/fuzz/libdemo.a build/fuzz/libpurvey.a
	@echo "  LD fuzz $@"
	@clang -fsanitize=fuzzer,address,undefined -o $@ $^ $(PURVEY_LIBS)
fuzz: $(FUZZERS:%=build/fuzz/%)

bench: build/.packages-bench all $(BENCHES:%=build/release/tests/bench/%)
	@tests/bench/run

install: all
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 build/release/purvey build/release/purvey-demo $(DESTDIR)$(PREFIX)/bin/
	ln -sf purvey $(DESTDIR)$(PREFIX)/bin/Connect-IPPSSession
	for page in man/*.[157]; do install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man$${page##*.} $$page; done
	install -d $(DESTDIR)$(BASH_COMPLETIONS) $(DESTDIR)$(ZSH_COMPLETIONS)
	build/release/purvey completion bash >$(DESTDIR)$(BASH_COMPLETIONS)/purvey
	ln -sf purvey $(DESTDIR)$(BASH_COMPLETIONS)/Connect-IPPSSession
	build/release/purvey completion zsh >$(DESTDIR)$(ZSH_COMPLETIONS)/_purvey
	chmod 644 $(DESTDIR)$(BASH_COMPLETIONS)/purvey $(DESTDIR)$(ZSH_COMPLETIONS)/_purvey

uninstall:
	rm -f $(addprefix $(DESTDIR)$(BASH_COMPLETIONS)/,purvey Connect-IPPSSession) $(DESTDIR)$(ZSH_COMPLETIONS)/_purvey
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,purvey purvey-demo Connect-IPPSSession)
	for page in man/*.[157]; do rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done

clean:
	rm -rf build

# What `make check` installs: it has to be enough for `make check`. The benchmarks bring more, only when they are run.
print-packages:
	@echo $(BUILD_PACKAGES) $(CHECK_PACKAGES)
print-modules:
	@echo $(BUILD_MODULES) $(CHECK_MODULES) zlib

-include $(shell find build -name '*.d' 2>/dev/null)
