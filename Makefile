# SPDX-License-Identifier: GPL-2.0
# For people; what the kernel's build reads is Kbuild.

NAME := pgtag_compress
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
DKMS_SOURCE = /usr/src/$(NAME)-$(VERSION)
DKMS_FILES = Makefile Kbuild dkms.conf LICENSE README.md src include

# For demo, one of scripts/kernels.
KERNEL ?= 6.12

export KERNEL KERNELS TESTS REPEAT

.PHONY: all modules install dkms-install dkms-files dkms-remove demo check \
	check-debug bench clean help

all: modules

modules: $(KDIR)
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

install: modules
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install
	depmod $(KVER)

$(KDIR):
	@echo "There are no headers of the kernel $(KVER): no $(KDIR)." >&2
	@echo "On Debian: apt install linux-headers-$(KVER)" >&2
	@echo "Or build for another kernel: make KVER=..., make KDIR=..." >&2
	@false

dkms-install:
	@if [ -n "$$(dkms status -m $(NAME) -v $(VERSION))" ]; then \
		dkms remove -m $(NAME) -v $(VERSION) --all; \
	fi
	rm -rf $(DKMS_SOURCE)
	mkdir -p $(DKMS_SOURCE)
	cp -r $(wildcard $(DKMS_FILES)) $(DKMS_SOURCE)/
	dkms add -m $(NAME) -v $(VERSION)
	dkms build -m $(NAME) -v $(VERSION) -k $(KVER)
	dkms install -m $(NAME) -v $(VERSION) -k $(KVER)

# What DKMS gets.
dkms-files:
	@echo $(wildcard $(DKMS_FILES))

dkms-remove:
	dkms remove -m $(NAME) -v $(VERSION) --all
	rm -rf $(DKMS_SOURCE)

demo check check-debug bench:
	@scripts/$@

clean:
	rm -rf build
	find . -name .git -prune -o \( -name '*.o' -o -name '*.o.d' -o -name '*.ko' \
		-o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
		-o -name Module.symvers -o -name modules.order \) -exec rm -f {} +

help:
	@echo "make                 build the module for the running kernel"
	@echo "make install         install what was built (as root)"
	@echo "make dkms-install    add the module to DKMS, build and install it (as root)"
	@echo "make dkms-remove     take it out of DKMS again (as root)"
	@echo "make demo            boot a stock kernel in QEMU and show the module at work"
	@echo "                     KERNEL=6.12"
	@echo "make check           all tests; narrow them by KERNELS=\"6.1 6.12\" and"
	@echo "                     TESTS=\"name ...\""
	@echo "make check-debug     the guest tests on kernels of our own: with every check the"
	@echo "                     kernel has, and with unused bits in page->flags; KERNELS="
	@echo "make bench           count the instructions it costs; KERNELS=, REPEAT=2"
	@echo "make clean           remove what was built"
	@echo
	@echo "Kernels and build trees are kept in ~/.cache/pgtag (PGTAG_CACHE=...)."
