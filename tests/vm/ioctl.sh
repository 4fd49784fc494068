# shellcheck shell=dash
# The ioctls of /proc/allocinfo: the selftest that 7.3 has of them, unchanged, and what
# that does not ask.
# vm: selftests=7.3/alloc_tag
# vm: kernels=ends
. ./lib.sh

FILE=/proc/allocinfo
SYSCTL=/proc/sys/vm/mem_profiling
ENOENT=2
EIO=5
ENOTTY=25
VISITS=5
# What the helper has at one of its sites.
THREE=$((3 * PAGE))

# ask COMMAND...: of a file that is opened for it.
ask() {
	echo "$*" | records
}

# What a record or a line says of its tag, but for what it owns; a record has no path.
tags() {
	cut -c 23- | sed 's/ path:.*/ /'
}

# lines_of AWK-CONDITION: the tags of the lines that are so.
lines_of() {
	awk "NR > 2 && ($1)" $FILE | tags
}

# records_of [FILTER]...: the tags of all records that pass.
records_of() {
	ask list "$@" | grep func: | tags
}

# same AWK-CONDITION [FILTER]...: the lines that are so are the records that pass. New
# sites may come between the two.
same() {
	local condition=$1
	shift
	[ "$(lines_of "$condition")" = "$(records_of "$@")" ]
}

# One process with the file open, through whatever comes.
start_asking() {
	rm -f /tmp/ask.in /tmp/ask.out
	mkfifo /tmp/ask.in /tmp/ask.out
	records </tmp/ask.in >/tmp/ask.out &
	asking=$!
	exec 8>/tmp/ask.in 9</tmp/ask.out
}

ask_it() {
	local answer
	echo "$*" >&8
	read -r answer <&9
	echo "$answer"
}

stop_asking() {
	exec 8>&- 9<&-
	wait $asking
}

# A module with two sites comes and goes, its pages stay.
visit() {
	modload /modules/pgtag_visitor.ko && rmmod pgtag_visitor
}

# What the selftest looks for, in places where pages are: of the kernel's sites those of
# memory faults, and two that nobody uses but the helper. To be had from debugging
# information, which no guest has.
make_lines() {
	awk -v faults='^(do_(anonymous|wp)_page|do_fault|alloc_anon_folio|folio_prealloc|wp_page_copy)$' \
		-v frag="$FRAG_SITES" -v pool="$POOL_SITES" '
		NR > 2 && $4 ~ /^func:/ {
			split($3, at, "+")
			name = at[1]
			sub(/[.].*/, "", name)
			if (name ~ faults)
				print "vmlinux", at[1], at[2], "mm/memory.c", 1000 + NR, name
			if (index(" " frag " ", " " name " "))
				print "vmlinux", at[1], at[2], "kernel/module/main.c", 2000 + NR, "do_init_module"
			if (index(" " pool " ", " " name " "))
				print "vmlinux", at[1], at[2], "kernel/fork.c", 3000 + NR, "dup_mm"
		}' $FILE
}

# The selftest leaves out what it does not find: without lines that is all.
check_selftest() {
	local said
	tar -x -C /tmp -f /tests/alloc_tag.tar || bail "there is the selftest"
	churn 1
	helper alloc page_frag 5 0
	helper alloc page_pool 3 48
	make_lines >/tmp/lines
	passes "lines are taken" cp /tmp/lines $PGTAG/lines
	settle
	said=$(/tmp/allocinfo_ioctl_test 2>&1)
	is "$?" 0 "the kernel's selftest succeeds"
	diag "$said"
	is "$(echo "$said" | grep -c '^ok')" 4 "all four of its tests"
	is "$(echo "$said" | grep -c '^ok [1-4] test_')" 4 "none of them was left out"
	passes "lines match records" same 'index($0, "mm/memory.c:")' filename=mm/memory.c
	line=$(awk '$4 == "mm/memory.c" { print $5 }' /tmp/lines | tail -n 1)
	is "$(records_of "lineno=$line")" "$(lines_of "index(\$0, \"memory.c:$line \")")" \
		"a line is found by its number"
	helper free page_frag
	helper free page_pool
}

# --- what the file says ---

check_records() {
	helper alloc alloc_pages 3 0
	helper alloc alloc_pages_exact 5 5
	churn 1
	passes "the records are the lines" within 10 same 1
	is "$(ask list | tail -n 1)" "$ENOENT 0" "the list ends, and its id did not change"
	is "$(ask list function=pgtag_test_alloc_pages | head -n 1)" \
		"$(grep ' func:pgtag_test_alloc_pages ' $FILE)" "with what the tag owns"
}

check_filters() {
	local site
	site=$(grep -m 1 -o 'pgtag_test_alloc_pages+0x[0-9a-f]*' $FILE)
	passes "function" within 10 same '/ func:pgtag_test_alloc_pages /' \
		function=pgtag_test_alloc_pages
	is "$(records_of function=pgtag_test_alloc_page)" "" "function: half a name is none"
	passes "modname" within 10 same '/\[pgtag_test\]/' modname=pgtag_test
	passes "modname: the kernel itself" within 10 same '!/\[/' modname=
	passes "filename" within 10 same "\$3 == \"$site\"" "filename=$site"
	passes "lineno: those without" within 10 same '$3 !~ /:/' lineno=0
	is "$(ask list lineno=123456789)" "$ENOENT 0" "lineno: none"
	passes "inaccurate: no" within 10 same '!/accurate:no/' inaccurate=0
	passes "inaccurate: yes" within 10 same '/accurate:no/' inaccurate=1
	is "$(records_of min=$THREE max=$THREE modname=pgtag_test)" \
		"$(lines_of '/ func:pgtag_test_alloc_pages /')" "sizes: three pages"
	is "$(ask list min=$((THREE - 1)) max=$((25 * PAGE)) |
		awk -v min=$((THREE - 1)) -v max=$((25 * PAGE)) '/func:/ && ($1 < min || $1 > max)')" "" \
		"sizes: no other"
	like "$(records_of min=$((THREE + 1)) modname=pgtag_test)" 'func:pgtag_test_alloc_pages_exact ' \
		"sizes: no less"
	unlike "$(records_of min=$((THREE + 1)) modname=pgtag_test)" 'func:pgtag_test_alloc_pages ' \
		"sizes: nothing of that size"
	unlike "$(records_of max=$((THREE - 1)) modname=pgtag_test)" 'func:pgtag_test_alloc_pages ' \
		"sizes: no more"
	is "$(records_of modname= function=pgtag_test_alloc_pages)" "" "all parts must be so"
	is "$(records_of modname=pgtag_test function=pgtag_test_alloc_pages "filename=$site" \
		lineno=0 inaccurate=0 min=1 max=$THREE)" \
		"$(lines_of '/ func:pgtag_test_alloc_pages /')" "and if all are it is found"
}

# nth N: the tag of the record at that position.
nth() {
	sed -n "$(($1 + 1))s/ \$//p" /tmp/records
}

# answer COMMAND...: that of the process that has the file open.
answer() {
	ask_it "$@" | sed 's/^ *[0-9]* *[0-9]* //'
}

check_positions() {
	local nr
	records_of >/tmp/records
	nr=$(wc -l </tmp/records)
	start_asking
	for at in 0 1 $((nr - 3)) $((nr - 1)); do
		is "$(answer at $at)" "$(nth $at)" "the record at $at"
	done
	ask_it at $((nr - 3)) >/dev/null
	is "$(answer next)" "$(nth $((nr - 2)))" "and the one that follows"
	is "$(ask_it at 1000000)" $ENOENT "beyond the end there is none"
	is "$(answer next)" "$(nth $((nr - 1)))" "nor does that change the place"
	is "$(ask_it at 0 function=none)" $ENOENT "none passes"
	is "$(ask_it next)" $ENOENT "so none follows"
	like "$(ask_it at 0 modname=pgtag_test)" '\[pgtag_test\]' "a filter"
	like "$(ask_it next)" '\[pgtag_test\]' "holds for what follows"
	while [ "$(ask_it next)" != $ENOENT ]; do
		:
	done
	like "$(ask_it next)" '\[pgtag_test\]' "after the end it begins anew"
	stop_asking
}

# --- the content id ---

check_content() {
	local id
	id=$(ask id)
	churn 1
	is "$(ask id)" "$id" "the id is the same while tags mean the same"
	is "$(records_of function=pgtag_test_get_zeroed_page)" "" "a site that is new"
	helper alloc get_zeroed_page 1 0
	like "$(records_of | tail -n 30)" 'func:pgtag_test_get_zeroed_page ' "comes at the end"
	is "$(ask id)" "$id" "and changes no other"
	visit || bail "pgtag_visitor loads"
	different "$id" "a module that had tags has gone"
	for _ in $(seq $VISITS); do
		visit
	done
	# Without pages they are found when the next module goes.
	helper free kept
	visit
	passes "its tags wait to be used again" within 10 few_tags
	id=$(ask id)
	helper alloc folio_alloc 1 0
	like "$(records_of function=pgtag_test_folio_alloc)" pgtag_test_folio_alloc \
		"one is used again"
	different "$id" "so that it means something else"
	id=$(ask id)
	echo +shmem_alloc_folio >$PGTAG/api
	different "$id" "a function joined the allocator API"
	id=$(ask id)
	echo -shmem_alloc_folio >$PGTAG/api
	different "$id" "and left it"
	helper free get_zeroed_page
	helper free folio_alloc
	helper free kept
}

few_tags() {
	[ "$(grep -c pgtag_visitor $FILE)" -le 2 ]
}

# different ID TEXT
different() {
	if [ "$(ask id)" != "$1" ]; then
		ok "another id: $2"
	else
		not_ok "another id: $2" "it is $1 still"
	fi
}

# --- when there is nothing to tell ---

check_off() {
	local id
	load mem_profiling=0
	start_asking
	is "$(ask_it at 0) $(ask_it next)" "$ENOENT $ENOENT" "off: there are no tags"
	id=$(ask_it id)
	echo 1 >$SYSCTL
	churn 1
	like "$(ask_it next)" func: "turned on, there are"
	[ "$(ask_it id)" != "$id" ]
	is "$?" 0 "under another id"
	id=$(ask_it id)
	echo 0 >$SYSCTL
	like "$(ask_it at 0)" func: "turned off, those that own pages still are"
	like "$(status_value state)" '^off' "which is off"
	passes "the module can go while the file is open" rmmod pgtag_compress
	is "$(ask_it next) $(ask_it at 0) $(ask_it id) $(ask_it read)" \
		"$ENOTTY $ENOTTY $ENOTTY $EIO" "then the file answers nothing"
	load
	is "$(ask_it next) $(ask_it read)" "$ENOTTY $EIO" "nor when the module is back"
	is "$(ask_it reopen)" 0 "opened anew"
	like "$(ask_it next)" func: "it does, from the beginning"
	[ "$(ask_it id)" != "$id" ]
	is "$?" 0 "under another id"
	stop_asking
	unload
}

check_disabled() {
	load bits=4 mem_profiling=0
	start_asking
	start_race
	echo 1 >$SYSCTL
	churn 1
	passes "profiling ends beside readers" within 10 disabled
	passes "the file goes" within 10 [ ! -e $FILE ]
	is "$(ask_it at 0)" $ENOTTY "and answers nothing any more"
	stop_race
	is "$race" 0 "no record was wrong"
	stop_asking
	unload
}

# Three threads have one place in one file, and a fourth reads it.
start_race() {
	rm -f /tmp/enough
	records race /tmp/enough >/tmp/race &
	racing=$!
}

stop_race() {
	touch /tmp/enough
	wait $racing
	race=$?
	diag "$(cat /tmp/race)"
}

check_race() {
	load mem_profiling=0 depth=4
	start_race
	for value in 1 0 1 0 1; do
		echo $value >$SYSCTL
		visit
		helper free kept
	done
	stop_race
	is "$race" 0 "no record is wrong while profiling is switched"
	like "$(cat /tmp/race)" '^# [1-9][0-9]* records' "there were some"
	passes "the records are the lines, of paths too" within 10 same 1
	audit_ok "audit"
	unload
}

expedite
load_helper
load
check_records
passes "what is wrong is refused" records refused
check_filters
check_positions
check_content
helper free alloc_pages
helper free alloc_pages_exact
check_selftest
unload
check_off
check_disabled
check_race
is "$(walk)" "0 0" "page->flags as before"
done_testing
