# shellcheck shell=dash
# Memory of devices: the kernel's own lib/test_hmm.c has two whose memory lies at the
# top of the address space, where no CPU reaches it, and two with memory that
# is like any other but for who hands it out.
#
# memmap= is a word for x86.
# vm: arch=x86
# vm: config=DEVICE_PRIVATE selftests=test_hmm mem=1G timeout=240
# vm: append="memmap=512M$512M"
. ./lib.sh

SPM="spm_addr_dev0=0x20000000 spm_addr_dev1=0x30000000"

# hundredths CALL...: of a second that it takes.
hundredths() {
	local start
	start=$(sed 's/ .*//; s/[.]//' /proc/uptime)
	"$@" >/dev/null
	echo $(($(sed 's/ .*//; s/[.]//' /proc/uptime) - start))
}

# durations WHAT: how long an audit and unloading take.
durations() {
	load "storage=$storage"
	audit_time=$(hundredths cat $PGTAG/audit)
	unload_time=$(hundredths rmmod pgtag_compress)
	diag "$1: audit $audit_time, rmmod $unload_time hundredths of a second"
}

# not_slower TEXT BEFORE AFTER: but for the noise of a busy machine.
not_slower() {
	at_least $(($2 * 3 + 200)) "$3" "$1"
}

devices() {
	local major n
	# shellcheck disable=SC2086 # parameters are words
	insmod /tmp/test_hmm.ko $SPM || bail "there are devices"
	major=$(awk '$2 == "HMM_DMIRROR" { print $1 }' /proc/devices)
	for n in 0 1 2 3; do
		[ -e /dev/hmm_dmirror$n ] || mknod /dev/hmm_dmirror$n c "$major" $n
	done
}

# round DEVICE TEXT: memory goes there and comes back.
round() {
	local device=/dev/hmm_dmirror$1 text="$storage, $2" answer
	load "storage=$storage"
	hold_site 8 small
	# What processes before it leave behind is of the same site.
	settle
	answer=$(hold_do during "$site" device $device)
	is "${answer#*, }" ok "$text: memory moves to the device"
	is "$(echo "${answer%,*}" | awk '{ print $4 - $1, $5 - $2 }')" \
		"-$((8 << 20)) -2048" \
		"$text: its site has given back what the allocator got back"
	audit_ok "$text: audit with memory on the device"
	is "$(hold_do system $device)" ok "$text: and back"
	settle
	audit_ok "$text: audit with memory back"
	is "$(hold_do check)" intact "$text: it has its content"
	is "$(hold_do device $device)" ok "$text: it moves there again"
	unload
	is "$(walk)" "0 0" "$text: page->flags as before, those of devices too"
	load "storage=$storage"
	# What a CPU cannot reach comes back when it is touched.
	is "$(hold_do check)" intact "$text: it has its content"
	settle
	audit_ok "$text: audit with memory from before on the device"
	hold_stop
	settle
	audit_ok "$text: audit at the end"
	unload
	is "$(walk)" "0 0" "$text: page->flags as before"
}

tar -x -C /tmp -f /tests/test_hmm.tar || bail "the module is there"
expedite
storage=flags
durations "without devices"
audit_before=$audit_time
unload_before=$unload_time
devices
diag "$(grep -i hmm /proc/iomem)"
durations "with devices"
not_slower "an audit does not take longer" "$audit_before" "$audit_time"
not_slower "unloading does not take longer" "$unload_before" "$unload_time"
round 0 "private"
storage=table
round 2 "coherent"
passes "the devices can go" rmmod test_hmm
done_testing
