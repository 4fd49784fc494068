# shellcheck shell=dash
# The module loads, its files have the form they are to have, and it goes
# without leaving anything behind.
# vm: kaslr=yes
. ./lib.sh

# mode_of FILE
mode_of() {
	stat -c %a "$1" 2>&1
}

# form_of FILE: lines of an allocinfo file that are not as they should be.
form_of() {
	tail -n +3 "$1" | grep -Ev \
		'^[ 0-9]{12,} [ 0-9]{8,} [A-Za-z_][A-Za-z0-9_.]*\+0x[0-9a-f]+( \[[a-z0-9_]+\])? func:[A-Za-z_][A-Za-z0-9_.]*( accurate:no)? $'
	# Right-aligned, as printf's %12lli %8llu do it.
	tail -n +3 "$1" | awk '
		index($0, sprintf("%12d %8d ", $1, $2)) != 1 { print }'
}

# check_allocinfo FILE
check_allocinfo() {
	cp "$1" /tmp/allocinfo
	is "$(sed -n 1p /tmp/allocinfo)" "allocinfo - version: 2.0" \
		"$1: first line"
	is "$(sed -n 2p /tmp/allocinfo)" "#     <size>  <calls> <tag info>" \
		"$1: second line"
	is "$(form_of /tmp/allocinfo)" "" "$1: every other line has its form"
	sites=$(tail -n +3 /tmp/allocinfo | wc -l)
	# Larger pages are fewer.
	at_least "$sites" $((PAGE > 4096 ? 10 : 15)) "$1: as many sites as there must be"
}

# The helper first: it is the one the kernel complains about as out-of-tree.
load_helper
is "$(ls -d $PGTAG /proc/allocinfo 2>/dev/null)" "" "no files before the load"

try_load
is "$?" 0 "loads"
is "$(count_lines "$said")" "$(lines_at_load)" "announces itself in one line"
like "$said" 'pgtag_compress: .+' "and says something in it"
diag "$said"

listing=$(cd $PGTAG && stat -c '%A %u %g %n' -- *)
diag "$listing"
is "$listing" "-r-------- 0 0 allocinfo
-rw------- 0 0 api
-r-------- 0 0 audit
-r-------- 0 0 layout
--w------- 0 0 lines
-r-------- 0 0 nodes
-r-------- 0 0 status" "the files, for root alone"
is "$(mode_of $PGTAG)" 755 "the directory is in debugfs, which is root's"
is "$(mode_of /sys/kernel/debug)" 700 "as everybody can see"
is "$(mode_of /proc/allocinfo)" 400 "/proc/allocinfo: exists for root alone"
is "$(mode_of /proc/sys/vm/mem_profiling)" 644 "vm.mem_profiling: root writes"
is "$(mode_of /proc/sys/vm/mem_profiling_compressed)" 444 \
	"vm.mem_profiling_compressed: nobody writes"

# Even where debugfs were open to all.
chmod 755 /sys/kernel/debug
echo 'nobody:x:65534:65534:nobody:/:/bin/sh' >/etc/passwd
as_nobody() {
	su nobody -c "$1"
}
is "$(as_nobody 'id -u')" 65534 "there is somebody without privileges"
for file in "$PGTAG"/* /proc/allocinfo; do
	like "$(as_nobody "cat $file 2>&1")" 'Permission denied' \
		"$file: is not for others to read"
done
chmod 700 /sys/kernel/debug
for name in mem_profiling mem_profiling_compressed; do
	like "$(as_nobody "echo 0 2>&1 >/proc/sys/vm/$name" 2>&1)" \
		'Permission denied' "vm.$name: is not for others to write"
done

# Some activity, so that there is something to see.
churn 1
check_allocinfo $PGTAG/allocinfo
check_allocinfo /proc/allocinfo

# The same content: a site whose count nobody else changes.
helper alloc alloc_pages 11 2
grep pgtag_test_alloc_pages+ $PGTAG/allocinfo >/tmp/debugfs
grep pgtag_test_alloc_pages+ /proc/allocinfo >/tmp/proc
is "$(cat /tmp/proc)" "$(cat /tmp/debugfs)" "both allocinfo files say the same"
is "$(wc -l </tmp/proc)" 1 "one line for one site"
helper free alloc_pages

status=$(cat $PGTAG/status)
diag "$status"
for key in state storage field capacity tags 'tagged bytes' 'untagged frees' \
	dropped checked wrong; do
	like "$status" "^$key: " "status: has $key"
done
like "$status" '^hook [^:]+: [a-z_]+ .* [1-9][0-9]* hits$' "status: has hooks with their hits"
is "$(status_value dropped)" 0 "status: nothing dropped"
is "$(status_value wrong)" 0 "status: no stack read wrongly"

layout=$(cat $PGTAG/layout)
diag "$layout"
for part in NODE ZONE $FIELD LRU_GEN LRU_REFS; do
	like "$layout" "\\b$part\\b" "layout: names $part"
done
like "$(status_value field)" "^$FIELD\\b" "status: the field is $FIELD"

echo 0 >/proc/sys/kernel/kptr_restrict
for file in "$PGTAG"/* /proc/allocinfo /sys/module/pgtag_compress/parameters/*; do
	unlike "$(cat "$file" 2>&1)" 'ff[0-9a-f]{14}' \
		"$file: no kernel address"
done
unlike "$(dmesg | grep pgtag_compress:)" 'ff[0-9a-f]{14}' \
	"kernel log: no kernel address"

audit_ok "audit"

unload
is "$(ls -d $PGTAG /proc/allocinfo /sys/module/pgtag_compress 2>/dev/null)" "" \
	"no files after the unload"
is "$(walk)" "0 0" "page->flags as before"
done_testing
