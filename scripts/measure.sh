# shellcheck shell=bash
# Sourced by the benches: have a guest measured, and lay its figures out in a table.
# $tmp is a directory that goes with the script.

# measured KERNEL SCRIPT CONDITION [WORD]...: run the guest's part of a bench, with these
# words for the kernel; its logs are in $tmp/logs.
measured() {
	local kernel=$1 script=$2 condition=$3
	shift 3

	say "measuring on $kernel: $script, $condition"
	PGTAG_QUICK=1 PGTAG_LOGS=$tmp/logs PGTAG_APPEND="pgtag_bench=$condition $*" \
		"$ROOT/scripts/vm" run "$kernel" "$ROOT/scripts/guest/$script.sh" \
		>"$tmp/run" 2>&1 || {
		cat "$tmp/run" >&2
		die "the measurement on $kernel ($script, $condition) failed"
	}
}

# What the test printed.
printed() {
	tr -d '\r' <"$tmp/logs/$1.tap"
}

# instructions KERNEL CONDITION [WORD]...: "CASE INSTRUCTIONS", the less of two
# measurements.
instructions() {
	local script=bench

	[ "$2" != bpftrace ] || script=bench-bpftrace
	measured "$1" "$script" "${@:2}"
	printed "$script" |
		awk '$1 == "bench:" && !($2 in least) { name[++n] = $2; least[$2] = $3 }
			$1 == "bench:" && $3 < least[$2] { least[$2] = $3 }
			END { for (i = 1; i <= n; i++) print name[i], least[name[i]] }'
}

# marks KERNEL CONDITION [WORD]...: "CASE INSTRUCTIONS LOCKED LINES SHARED", for a pair,
# the least of what was counted each time; SHARED are the lines in all.
marks() {
	measured "$1" marks "${@:2}"
	printed marks | awk -v counted="$tmp/logs/marks.marks" '
		function take(key) {
			match(line, "(^| )" key "=[0-9]+")
			split(substr(line, RSTART, RLENGTH), parts, "=")
			if (!(key in least) || parts[2] < least[key])
				least[key] = parts[2] + 0
		}
		$1 == "marks" {
			delete least
			for (i = 0; i < $3; i++) {
				getline line <counted
				take("instructions")
				take("locked")
				take("lines")
				take("own_shared")
			}
			print $2, least["instructions"] / $4, least["locked"] / $4,
				least["lines"] / $4, least["own_shared"]
		}'
}

# each CONDITION... -- COMMAND...: what it prints for each, the condition before it.
each() {
	local conditions=() condition

	while [ "$1" != -- ]; do
		conditions+=("$1")
		shift
	done
	shift
	for condition in "${conditions[@]}"; do
		"$@" "$condition" | sed "s/^/$condition /"
	done
}

# table TITLE FORMAT: from lines "CONDITION CASE FIGURE", a row a case and a column a
# condition, in the order they come: the first as it is, the others in the awk function
# cell(figure, first), which FORMAT has.
table() {
	awk -v title="$1" "$2"'
		!($1 in column) { column[$1] = 1; condition[++columns] = $1 }
		!($2 in row) { row[$2] = 1; cases[++rows] = $2 }
		{ figure[$1, $2] = $3 }
		END {
			print title
			printf "  %-16s", ""
			for (c = 1; c <= columns; c++)
				printf " %10s", condition[c]
			print ""
			for (i = 1; i <= rows; i++) {
				first = figure[condition[1], cases[i]]
				printf "  %-16s %10s", cases[i], first
				for (c = 2; c <= columns; c++)
					printf " %10s", cell(figure[condition[c], cases[i]], first)
				print ""
			}
			exit rows == 0
		}'
}
