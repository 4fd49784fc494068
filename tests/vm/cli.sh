# shellcheck shell=dash
# The command pgtag: it says where all memory is, and finds a leak by its name; on a
# kernel with profiling compiled in, with that.
# vm: cli=yes timeout=600 append="sysctl.vm.mem_profiling=1"
# vm: kernels=ends
. ./lib.sh

LEAK='pgtag_test_alloc_pages'

# pgtag WORD...: its output is in /tmp/out, its exit code in $code.
pgtag() {
	in_debian /tests/pgtag "$@" >/tmp/out 2>/tmp/err </dev/null
	code=$?
}

# exits CODE TEXT WORD...
exits() {
	local want=$1 text=$2
	shift 2
	pgtag "$@"
	if [ $code -eq "$want" ]; then
		ok "$text"
	else
		not_ok "$text" "pgtag $* exits with $code, not $want" "$(cat /tmp/err /tmp/out)"
	fi
}

# For so many half seconds pages that nobody frees, and pages of another file each time,
# which are a cache.
leak() {
	local i
	find /debian/usr -type f -size +50k >/tmp/files
	for i in $(seq "$1"); do
		helper alloc alloc_pages 400 0
		cat "$(sed -n "${i}p" /tmp/files)" >/dev/null
		sleep 0.5
	done
}

# first_site: of the last table in /tmp/out, the function in its first row.
first_site() {
	sed -n '/ site$/{n;s/.*  \([^ +]*\).*/\1/p;q;}' /tmp/out
}

check_show() {
	local gap
	exits 0 "$1: show" show
	gap=$(sed -n 's/.*nobody explains .* (-*\([0-9]*\)\.[0-9]* %)/\1/p' /tmp/out)
	is "$gap" 0 "$1: it adds up to MemTotal within one percent"
	diag "$(cat /tmp/out)"
	exits 0 "$1: show --json" show --json
	exits 0 "$1: show --tree" show --tree
}

check_leak() {
	cat "$2" >/tmp/before
	leak 16 &
	leaking=$!
	exits 0 "$1: record" record -d 1 -n 8 --drop-caches "/tmp/$1.pgtag"
	wait $leaking
	exits 0 "$1: top" top -o -n 2 -d 0.5 -s start
	exits 0 "$1: diff" diff /tmp/before
	is "$(first_site)" "$LEAK" "$1: diff has the leak first"
	diag "$(head -n 5 /tmp/out)"
	exits 0 "$1: diff of the recording" diff /tmp/before "/tmp/$1.pgtag"
	is "$(first_site)" "$LEAK" "$1: it has the leak first, too"
	exits 1 "$1: report finds something" report "/tmp/$1.pgtag"
	is "$(first_site)" "$LEAK" "$1: it has the leak first"
	like "$(sed -n '/^Caches/,$p' /tmp/out)" 'filemap|page_cache|readahead|ractl|do_sync_mmap' \
		"$1: pages of files are caches"
	diag "$(cat /tmp/out)"
}

# --- nobody counts ---

if [ ! -e /proc/allocinfo ]; then
	exits 1 "status without the module" status
	like "$(cat /tmp/out)" '^problem: the module pgtag_compress is not installed' "is told"
	exits 4 "show without the module" show
	like "$(cat /tmp/err)" 'pgtag status' "says where to ask"
else
	load_helper
	exits 0 "in-tree: status" status
	check_show in-tree
	check_leak in-tree /proc/allocinfo
	helper free alloc_pages
	unload_helper
fi

# --- the module ---

load_helper
load
churn 1
check_show module
check_leak module $PGTAG/allocinfo
check_show "module, with a leak"
# Where the kernel hides something from the module, all is not.
well=0
! unseen_demotion || well=1
exits $well "status: all is well" status
exits 0 "layout" layout
like "$(cat /tmp/out)" '^[A-Z?]{64}$' "is a bar of 64 bits"
exits 0 "audit" audit

exits 0 "off" off
if [ -e /proc/allocinfo ]; then
	like "$(cat /tmp/err)" 'module goes on' "says that this is not the module's switch"
else
	exits 1 "status says so" status
	like "$(cat /tmp/out)" 'vm.mem_profiling=1' "and what to do"
fi
exits 0 "on" on
exits $well "all is well again" status
exits 0 "bundle" bundle -d 1
unlike "$(cat /tmp/out)" '(^|[^0-9a-f])(0x)?ffff[0-9a-f]{12}' "has no address"
like "$(cat /tmp/out)" "$LEAK" "has the sites"

in_debian /usr/bin/setpriv --reuid=65534 /tests/pgtag status >/tmp/out 2>&1
is $? 1 "status for who is not root"
like "$(cat /tmp/out)" 'sudo pgtag status' "says what to do"

# --- a recording whose end comes early ---

mkdir -p /tmp/small
mount -t tmpfs -o size=16k tmpfs /debian/tmp/small
exits 5 "record on a disk that becomes full" record -d 1 -n 60 /tmp/small/full.pgtag
like "$(cat /tmp/err)" 'No space left' "is told"
exits 0 "what was written can be read" show -i /tmp/small/full.pgtag
is "$(cat /tmp/err)" "" "there is no half snapshot"

# start_record NAME: chroot becomes the command, so $! is that.
start_record() {
	chroot /debian /tests/pgtag record -d 1 "/tmp/$1.pgtag" &
	recording=$!
	within 20 test -s "/tmp/$1.pgtag"
}

start_record killed
kill -9 $recording
exits 0 "a recording of who was killed can be read" show -i /tmp/killed.pgtag
start_record stopped
kill $recording
wait $recording
is $? 0 "who is stopped ends well"
exits 0 "that can be read" show -i /tmp/stopped.pgtag
is "$(cat /tmp/err)" "" "to its end"
done_testing
