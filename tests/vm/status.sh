# shellcheck shell=dash
# What status says is degraded, and what to do about it, in each state that can be
# made here; and it prints no key that docs/status.md does not have. Missing hooks are
# seen in graph, lockdown in lockdown, a livepatch in livepatch.
# vm: smp="2,sockets=2" append="numa_balancing=enable" files="docs/status.md"
# vm: qemu="-object memory-backend-ram,id=m0,size=512M -object memory-backend-ram,id=m1,size=512M -numa node,nodeid=0,cpus=0,memdev=m0 -numa node,nodeid=1,cpus=1,memdev=m1"
# vm: kernels=newest
. ./lib.sh

SYSCTL=/proc/sys/vm/mem_profiling

# The keys in the last table of the document.
sed -n '/^| key /,$s/^| `\([^`]*\)`.*/\1/p' status.md >/tmp/keys

# check TEXT WORD...: these are degraded (no, if nothing is), for programs and for a
# person, who is told what to do about each.
check() {
	local text=$1 told
	shift
	# shellcheck disable=SC2046 # words
	case $text in
	mem_profiling=* | more\ sites*) ;; # no hook is wanted
	*) set -- $(and_lost "$@") ;;
	esac
	cat $PGTAG/status >/tmp/status
	is "$(sed -n 's/^degraded: //p' /tmp/status)" "$*" "$text: degraded: $*"
	[ "$*" != no ] || set --
	told=$(sed -n 's/^# Degraded: //p' /tmp/status | tr '\n' ' ')
	is "${told% }" "$*" "$text: a person is told the same"
	is "$(grep -c '^#   What to do: .' /tmp/status)" $# "$text: and what to do"
	is "$(sed -n 's/^# Profiling: //p' /tmp/status)" "$(status_value state)" "$text: and the state"
	# The first fact is the end of what is for a person.
	is "$(sed '1,/^state: ./d' /tmp/status | grep -v '^[A-Za-z][A-Za-z_ ]*: .')" "" \
		"$text: all else is a fact a line"
	is "$(sed -n 's/^\([^#:]*\): .*/\1/p' /tmp/status | grep -vxFf /tmp/keys)" "" \
		"$text: every key is documented"
	is "$(sed -n 's/^\([^#:]*\): .*/\1/p' /tmp/status | sort | uniq -d)" "" \
		"$text: every key is there once"
	diag "$(grep '^#' /tmp/status)"
}

has_word() {
	status_value degraded | grep -qw "$1"
}

# advice WORD: what to do about it.
advice() {
	sed -n "/^# Degraded: $1\$/,/What to do/s/^#   What to do: //p" /tmp/status
}

expedite
load_helper
at_least "$(wc -l </tmp/keys)" 40 "the document has keys"

if [ -e $BALANCING ] && [ $FIELD = LAST_CPUPID ]; then
	load
	check "NUMA balancing on" uncompressed
	like "$(advice uncompressed)" 'sysctl kernel.numa_balancing=0' "that is what compression needs"
	sysctl -w kernel.numa_balancing=0 >/dev/null
	unload
fi
load
check "as it was said" no
like "$(cat /tmp/status)" '^# Coverage: [0-9.]+ .i?B of [0-9.]+ .i?B in use ' "a person is told the coverage"

# Its memory keeps its tags.
hold_start 8 small
echo 0 >$SYSCTL
like "$(status_value state)" '^off, tagged pages are left$' "it is turned off"
check "turned off" off
like "$(advice off)" '^sysctl vm.mem_profiling=1$' "it can be turned on again"
sysctl -w vm.mem_profiling=1 >/dev/null
check "as it was said" no
hold_stop
unload

load mem_profiling=0
check "mem_profiling=0" off
unload
load mem_profiling=never
check "mem_profiling=never" off
like "$(advice off)" '^load the module again' "never: the sysctl is of no use"
unload
load storage=table
check "a table that was asked for" no
unload
load storage=table depth=2 slab=callers
check "with paths" no
unload

load attach=functions
check "attach=functions" functions
unload

load bits=4
churn 1
passes "bits=4: it ends" within 10 disabled
check "more sites than tags" disabled
like "$(advice disabled)" overflow=share "there is something to do about it"
unload
load bits=4 overflow=share
churn 1
helper alloc alloc_pages 5 2
check "as it was said" shared
like "$(cat /tmp/status)" '<overflow> .*owns [0-9.]+ .i?B$' "it says how much they share"
helper free alloc_pages
unload
is "$(walk)" "0 0" "page->flags as before"

# This comes last: then the module stays.
load
modload /modules/pgtag_kill.ko 2>/dev/null
echo 0 >$SYSCTL
passes "ftrace died: status says so" within 30 has_word ftrace
like "$(cat $PGTAG/status)" 'What to do: reboot$' "and what to do"
done_testing
