# shellcheck shell=dash
# ftrace dies while the module is loaded, and lets go of nothing any more: the
# module can be removed as far as that goes, but its code is still called.
# vm: kernels=ends
. ./lib.sh

let_ftrace_die() {
	modload /modules/pgtag_kill.ko 2>/dev/null
	is $? $EAGAIN "ftrace dies"
}

# use_hooks TEXT: call all that is hooked.
use_hooks() {
	churn 1 || not_ok "$1: processes go on"
	for name in split_page alloc_pages_exact bulk_array extra_reference vmalloc; do
		helper alloc $name 5 3
		helper free $name
	done
	echo 1 >/proc/sys/vm/compact_memory
	ok "$1: what is hooked can be called"
}

load_helper
load
use_hooks "loaded"
let_ftrace_die
use_hooks "ftrace is dead"
audit_ok "ftrace is dead: audit"

rmmod pgtag_compress &
remover=$!
passes "it says why its code stays" within 30 sh -c \
	'dmesg | grep -q "pgtag_compress: cannot detach from .* has to stay until the next boot"'
passes "all files go" within 30 [ ! -e $PGTAG ]
sleep 1
like "$(cat /proc/$remover/status)" '^State:.I' "rmmod waits, and is no load"
is "$(walk)" "0 0" "page->flags as before"
use_hooks "rmmod waits"
is "$(walk)" "0 0" "nothing is tagged"
passes "its code is there" [ -d /sys/module/pgtag_compress ]
done_testing
