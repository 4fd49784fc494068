# shellcheck shell=dash
# For tests of a locked machine; to be sourced after lib.sh, a test names it in its
# head (files=).

EPERM=1
LOCKDOWN=/sys/kernel/security/lockdown
SYSCTL=/proc/sys/vm/mem_profiling

mount -t securityfs securityfs /sys/kernel/security

# Only kernels of our own have a key to sign modules with.
module_signed() {
	grep -q '~Module signature appended~' $MODULE
}

# The pages of a file in memory are all of one site.
fill() {
	dd if=/dev/zero of="$1" bs=1M count=8 2>/dev/null
}

# check_locked: the accounts can be read and are exact, profiling is turned off and
# on; what is written in debugfs is refused by the kernel. The module is loaded and
# on.
check_locked() {
	local site bytes calls start file verb
	like "$(cat $LOCKDOWN)" '\[integrity\]' "the machine is locked"
	like "$(status_value field)" "^$FIELD\\b" "in $FIELD"
	unseen_demotion ||
		unlike "$(cat $PGTAG/status)" 'not attached' "all hooks are attached"

	is "$(status_value degraded)" "$(and_lost lockdown)" "what is not to be had is named"
	status_value degraded >/dev/null
	is "$(dmesg | grep -c 'Lockdown: sed: debugfs')" 1 "the kernel logs that status asked, once"

	functions >/tmp/before
	fill /tmp/file.first
	functions >/tmp/after
	read -r site bytes calls <<-END
		$(grown /tmp/before /tmp/after)
	END
	like "$site" shmem "a file is counted at $site"
	rm /tmp/file.first
	echo "+$site" >/tmp/api
	start=$(site "$site")
	fill /tmp/file
	is "$(difference "$start" "$(site "$site")")" "$((8 << 20)) 2048" "exactly"
	is "$(functions /proc/allocinfo | grep -c " $site\$")" 1 "/proc/allocinfo has it, too"

	for file in status layout audit nodes; do
		passes "$file can be read" cat $PGTAG/$file
	done
	for verb in "cat $PGTAG/api" "dd of=$PGTAG/api if=/tmp/api" \
		"dd of=$PGTAG/lines if=/tmp/api"; do
		like "$($verb 2>&1)" 'Operation not permitted' "refused: $verb"
	done
	like "$(dmesg)" 'Lockdown: dd: debugfs' "the kernel says that it was it"

	echo 0 >$SYSCTL
	is "$(cat $SYSCTL)" 0 "profiling can be turned off"
	rm /tmp/file
	is "$(site "$site")" "$start" "then what is freed is still subtracted"
	echo 1 >$SYSCTL
	is "$(cat $SYSCTL)" 1 "and on again"
	churn 1 31
	audit_ok "audit"
	is "$(status_value wrong)" 0 "no stack read wrongly"
	is "$(status_value dropped)" 0 "nothing dropped"
	# Of debugfs the kernel locks the same in the stricter mode.
	echo confidentiality >$LOCKDOWN
	for file in allocinfo status audit; do
		passes "confidentiality: $file can be read" cat $PGTAG/$file
	done

	unload
	is "$(ls -d $PGTAG /proc/allocinfo 2>/dev/null)" "" "the module can be removed"
}
