# shellcheck shell=dash
# What the tests of scripts/check-e2e share; to be sourced after ../vm/lib.sh.

# ours: the files of the module on this system, but for the tree in /root.
ours() {
	find / -xdev -path /root -prune -o -name '*pgtag*' -print
}

in_initramfs() {
	lsinitramfs "/boot/initrd.img-$(uname -r)" | grep pgtag
}

# works: it counts, and rightly.
works() {
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
