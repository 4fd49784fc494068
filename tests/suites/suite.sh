# shellcheck shell=dash
# What the guest side of scripts/check-suites shares; to be sourced after lib.sh of tests/vm.
#
# Each suite runs in two guests, one without the module (suite_without=1 on the
# kernel command line) and one with it. What is compared are the lines that
# begin with "# = ".

SUITE=/debian/suite

# suite_start: the module, if this guest is to have it.
suite_start() {
	[ -n "$suite_without" ] || load
}

# suite_unpack NAME: the kernel's own selftests NAME, in $SUITE.
suite_unpack() {
	mkdir $SUITE
	tar -x -C $SUITE -f "/tests/$1.tar" || bail "the selftests are there"
	rm "/tests/$1.tar"
}

# suite_end: after the suite every number is true, and the module leaves no trace.
suite_end() {
	if [ -n "$suite_without" ]; then
		ok "ran without the module"
		done_testing
	fi
	settle
	audit_ok "audit"
	is "$(status_value wrong)" 0 "no stack read wrongly"
	is "$(impossible)" "" "no tag has bytes and no calls, or less than none"
	diag "$(cat $PGTAG/status)"
	unload
	is "$(walk)" "0 0" "page->flags as before"
	done_testing
}

# left_out LIST NAME: a line "skip PATTERN REASON" of the list is about it. Sets reason.
left_out() {
	local verb pattern
	while read -r verb pattern reason; do
		[ "$verb" = skip ] || continue
		# shellcheck disable=SC2254 # a pattern
		case $2 in
		$pattern) return ;;
		esac
	done <"$1"
	return 1
}

result() {
	diag "= $*"
}
