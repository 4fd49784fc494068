# SPDX-License-Identifier: GPL-2.0
# For people; what the kernel's build reads is Kbuild.

NAME := pgtag_compress
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
# The compiler that the kernel was built with, where that is not the usual one.
TOOLCHAIN = $(if $(shell grep -sx CONFIG_CC_IS_CLANG=y $(KDIR)/.config),LLVM=1)
DKMS_SOURCE = /usr/src/$(NAME)-$(VERSION)
DKMS_FILES = Makefile Kbuild dkms.conf LICENSE README.md src include early
# What loads the module early, at its place below /.
EARLY = $(patsubst early/%,%,$(shell find early -type f))

# For all of scripts/. ARCH=arm64 is for what runs in QEMU another architecture than
# this machine's, and for the kernel's build what it always is.
export KERNEL KERNELS TESTS REPEAT

.PHONY: all modules cli install uninstall install-cli uninstall-cli early-install early-remove \
	dkms-install dkms-files dkms-remove deb rpm demo check check-debug check-suites \
	check-e2e bench bench-peers bench-layout clean help

all: modules

modules: $(KDIR)
	$(MAKE) -C $(KDIR) M=$(CURDIR) $(TOOLCHAIN) modules

cli:
	$(MAKE) -C src/cli

install-cli uninstall-cli:
	$(MAKE) -C src/cli $(@:-cli=)

install: modules early-install
	$(MAKE) -C $(KDIR) M=$(CURDIR) $(TOOLCHAIN) INSTALL_MOD_PATH=$(DESTDIR) \
		INSTALL_MOD_DIR=updates INSTALL_MOD_STRIP=1 modules_install
	$(call registered,$(KVER))

uninstall: early-remove
	rm -f $(DESTDIR)/lib/modules/$(KVER)/updates/$(NAME).ko*
	$(call registered,$(KVER))

early-install:
	@for f in $(EARLY); do \
		mode=644; [ ! -x early/$$f ] || mode=755; \
		echo "install $(DESTDIR)/$$f"; \
		install -D -m $$mode early/$$f $(DESTDIR)/$$f || exit; \
	done

early-remove:
	rm -f $(addprefix $(DESTDIR)/,$(EARLY))

# registered(KERNEL): modules.dep and initramfs know what is installed. With
# DESTDIR that is up to whoever unpacks it.
registered = @[ -n "$(DESTDIR)" ] || { depmod $(1) && $(call initramfs,$(1)); }

# initramfs(KERNEL|all): make it anew, if there is a known way.
initramfs = \
	if command -v update-initramfs >/dev/null; then \
		update-initramfs -u -k $(1); \
	elif command -v dracut >/dev/null; then \
		dracut --force $(if $(filter all,$(1)),--regenerate-all,--kver $(1)); \
	fi

$(KDIR):
	@echo "There are no headers of the kernel $(KVER): no $(KDIR)." >&2
	@echo "On Debian: apt install linux-headers-$(KVER)" >&2
	@echo "Or build for another kernel: make KVER=..., make KDIR=..." >&2
	@false

dkms-install: early-install
	@if [ -n "$$(dkms status -m $(NAME) -v $(VERSION))" ]; then \
		dkms remove -m $(NAME) -v $(VERSION) --all; \
	fi
	rm -rf $(DKMS_SOURCE)
	mkdir -p $(DKMS_SOURCE)
	cp -r $(wildcard $(DKMS_FILES)) $(DKMS_SOURCE)/
	dkms add -m $(NAME) -v $(VERSION)
	dkms build -m $(NAME) -v $(VERSION) -k $(KVER)
	dkms install -m $(NAME) -v $(VERSION) -k $(KVER)
	@$(call initramfs,$(KVER))

# What DKMS gets.
dkms-files:
	@echo $(wildcard $(DKMS_FILES))

dkms-remove: early-remove
	dkms remove -m $(NAME) -v $(VERSION) --all
	rm -rf $(DKMS_SOURCE)
	@$(call initramfs,all)

deb rpm:
	@scripts/packages $@

demo check check-debug check-suites bench bench-peers bench-layout:
	@scripts/$@

check-e2e:
	@TESTS="install e2e" scripts/check

clean:
	rm -rf build
	find . -name .git -prune -o \( -name '*.o' -o -name '*.o.d' -o -name '*.ko' \
		-o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
		-o -name Module.symvers -o -name modules.order \) -exec rm -f {} +

help:
	@echo "make                 build the module for the running kernel"
	@echo "make install         install what was built, loaded early at boot (as root)"
	@echo "make uninstall       take it away again (as root)"
	@echo "make cli             build the command pgtag"
	@echo "make install-cli     install it (as root); make uninstall-cli"
	@echo "make dkms-install    add the module to DKMS, build and install it (as root)"
	@echo "make dkms-remove     take it out of DKMS again (as root)"
	@echo "make deb             build Debian packages, pgtag-dkms and pgtag, in build/deb"
	@echo "make rpm             the same as RPMs, in build/rpm"
	@echo "make demo            boot a stock kernel in QEMU and show the module at work"
	@echo "                     KERNEL=6.12, ARCH=arm64"
	@echo "make check           all tests; narrow them by KERNELS=\"6.1 6.12\" and"
	@echo "                     TESTS=\"name ...\", choose ARCH=arm64; JOBS=N at a time"
	@echo "make check-debug     the guest tests on kernels built here, with KASAN,"
	@echo "                     lockdep and more; KERNELS=, TESTS="
	@echo "make check-suites    the kernel's own selftests, with the module loaded and"
	@echo "                     without it, test_free_pages and stress-ng; KERNELS=, TESTS="
	@echo "make check-e2e       install, reboot, upgrade and remove in a full Debian; KERNELS="
	@echo "make bench           count the instructions it costs; KERNELS=, REPEAT=2, ARCH=arm64"
	@echo "make bench-peers     beside all other ways to know, on one kernel built for that;"
	@echo "                     KERNEL=7.3-cfi+peers, ARCH=arm64"
	@echo "make bench-layout    what the kernel's own profiling says with Debian's page->flags"
	@echo "make clean           remove what was built"
	@echo
	@echo "Kernels and build trees are kept in ~/.cache/pgtag (PGTAG_CACHE=...)."
