# shellcheck shell=dash
# Call paths: the frames are those of the stack, for every allocation, as many as
# there are, and the paths of a site add up to it.
# vm: smp=2 timeout=600
. ./lib.sh

DEPTH=8

# Where the kernel is entered, and where its tasks begin.
ENTRY='(asm_[a-z0-9_]+|end_repeat_nmi|entry_SYSCALL[a-zA-Z0-9_]*|ret_from_fork(_asm)?)'
! is_arm64 || ENTRY='(el[01][ht]_64_(sync|irq|fiq|error)|ret_from_fork)'

load_helper
load depth=4
helper alloc alloc_pages 5 1
line=$(grep 'func:pgtag_test_alloc_pages ' $PGTAG/allocinfo)
like "$line" "^ +$((10 * PAGE))"' +5 pgtag_test_alloc_pages\+0x[0-9a-f]+ \[pgtag_test\] func:pgtag_test_alloc_pages path:[^ ;]+\+0x[0-9a-f]+ \[pgtag_test\];' \
	"a path is printed after its site"
is "$(echo "$line" | tr -cd ';' | wc -c)" 2 "three callers of the site"
diag "$line"
helper free alloc_pages
unload

# Frames that are not as large each time are none the less there.
deep='pgtag_test_deep\+0x[0-9a-f]+ \[pgtag_test\]'
realigned='pgtag_test_realigned\+0x[0-9a-f]+ \[pgtag_test\]'
variable='pgtag_test_variable\+0x[0-9a-f]+ \[pgtag_test\]'
load depth=$DEPTH
helper alloc deep 5 10
helper alloc irq 3 0
like "$(cat $PGTAG/allocinfo)" \
	"^ +20480 +5 $realigned func:pgtag_test_realigned path:($deep;$variable;$realigned;){2}$deep \$" \
	"a path of functions with frames of all kinds"
line=$(grep 'func:pgtag_test_irq ' $PGTAG/allocinfo)
if is_arm64; then
	# It comes from more frames away than a path has.
	like "$line" "^ +$((3 * PAGE))"' +3 .*;handle_percpu_devid_irq\+0x[0-9a-f]+;' \
		"a path in an interrupt goes towards where that came"
	is "$(echo "$line" | tr -cd ';' | wc -c)" $((DEPTH - 2)) "as far as was asked for"
else
	like "$line" "^ +$((3 * PAGE)) +3 .*;$ENTRY\+0x[0-9a-f]+ \$" \
		"a path in an interrupt ends where that came"
fi

# asked KEY COMMAND...: how often the unwinder was, meanwhile.
asked() {
	local before key=$1
	shift
	before=$(status_value "$key")
	"$@"
	echo $(($(status_value "$key") - before))
}

# touch_memory: 4096 page faults, whose paths end at the exception.
touch_memory() {
	hold_start 16 small
	hold_stop
}

# The system allocates something new meanwhile.
at_least 500 "$(asked unwound helper alloc deep 1000 10)" \
	"a known path is not unwound as a whole"
at_least 500 "$(asked unwound helper alloc irq 1000 0)" "nor one across two stacks"
touch_memory
at_least 1000 "$(asked unwound touch_memory)" "nor one that ends before its depth"
at_least 500 "$(asked asked helper alloc deep 1000 10)" \
	"nor is the unwinder asked for a frame that is realigned"
if is_arm64; then
	is "$(asked asked helper alloc irq 1000 0)" 0 "nor for any: each frame has a record"
else
	at_least "$(asked asked helper alloc irq 1000 0)" 900 \
		"it is where one stack was left for another"
fi
helper free deep
helper free irq

# What all the ways to get pages are counted as does not depend on the depth.
check_cases

# compare: with the kernel's own stack trace at each allocation.
compare() {
	local i=0 listener lines
	passes "a witness is there" modload /modules/pgtag_stack.ko depth=$DEPTH
	churn 2 21
	while [ $i -lt 50 ]; do
		busybox true
		i=$((i + 1))
	done
	mkdir /tmp/tree
	dd if=/dev/urandom of=/tmp/tree/file bs=64k count=60 2>/dev/null
	tar -cf - /tmp/tree 2>/dev/null | gzip -1 | zcat | tar -tf - >/dev/null
	for i in 1 2 3; do
		modload /modules/pgtag_visitor.ko all=1
		rmmod pgtag_visitor
	done
	nc -l -p 99 >/dev/null &
	listener=$!
	sleep 0.5
	dd if=/dev/zero bs=64k count=64 2>/dev/null | nc 127.0.0.1 99
	wait $listener
	lines=$(dmesg_lines)
	rmmod pgtag_stack
	said=$(dmesg_since "$lines" | grep 'pgtag_stack: compared')
	diag "$said"
	like "$said" 'compared [0-9]{5,} ' "tens of thousands of paths were compared"
	like "$said" 'different 0$' "every frame is the stack's"
	like "$said" ' short 0 ' "no path ends before the stack does"
	diag "$(dmesg | grep 'pgtag_stack: \(frame\|ends\)')"
}

if grep -q " pgtag_field.\[pgtag_compress\]" /proc/kallsyms; then
	compare
else
	skip "paths are the stack's" "this kernel's kallsyms has no data (KALLSYMS_ALL)"
fi

# early: paths that are not as deep as was asked for, and end elsewhere.
early() {
	sed -n 's/.* path://p' $PGTAG/allocinfo |
		awk -F';' -v depth=$DEPTH 'NF + 1 < depth' |
		grep -Ev "(^|;)$ENTRY\+0x[0-9a-f]+ \$"
}
is "$(early)" "" "allocinfo: paths that are short begin where the kernel was entered"

helper free kept
settle
audit_ok "audit"
is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value dropped)" 0 "nothing dropped"
diag "$(grep -c path: $PGTAG/allocinfo) paths, $(status_value 'tag memory')"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
