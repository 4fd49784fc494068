# shellcheck shell=dash
# What the tests of scripts/check-e2e share; to be sourced after ../vm/lib.sh.

# ours: the files of the module on this system, but for the tree in /root.
ours() {
	find / -xdev -path /root -prune -o -name '*pgtag*' -print
}

# in_initramfs [RELEASE]: what that kernel's has of the module, or that of any.
in_initramfs() {
	local image

	for image in /boot/initrd.img-${1:-*}; do
		lsinitramfs "$image" | grep pgtag
	done
}

# newest_kernel: the last of those installed.
newest_kernel() {
	find /lib/modules -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V | tail -n 1
}

# works: it counts, and rightly. Not while udev loads modules still: what always moves the
# audit does not judge.
works() {
	udevadm settle --timeout=300
	is "$(sed -n 1p "$PGTAG"/allocinfo)" "allocinfo - version: 2.0" \
		"allocinfo is there"
	sites=$(tail -n +3 "$PGTAG"/allocinfo | wc -l)
	if [ "$sites" -ge 10 ]; then
		ok "allocinfo has at least 10 sites"
	else
		not_ok "allocinfo has at least 10 sites" "$sites"
	fi
	is "$(status_value wrong)" 0 "no stack is read wrongly"
	audit_ok "audit"
}

# loaded_early: before anything that loads drivers.
loaded_early() {
	local lines

	lines=$(dmesg | grep -oE 'pgtag_compress: [a-z]+|virtio_blk|systemd\[1\]')
	like "$(echo "$lines" | head -n 1)" pgtag_compress \
		"loaded before the disk's driver and systemd"
	diag "$(dmesg | grep -E 'pgtag_compress:|virtio_blk|systemd\[1\]: systemd ')"
}

# adds_up: the command says where all memory is.
adds_up() {
	local gap

	gap=$(pgtag show | tee /run/show |
		sed -n 's/.*nobody explains .* (-*\([0-9]*\)\.[0-9]* %)/\1/p')
	is "$gap" 0 "pgtag show adds up to MemTotal within one percent"
	diag "$(cat /run/show)"
}
