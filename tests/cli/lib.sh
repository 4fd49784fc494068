# shellcheck shell=bash
# What the tests of the command share; to be sourced, not run. $PGTAG is the command.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit
results=0
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

ok() {
	results=$((results + 1))
	echo "ok $results - $1"
}

# not_ok TEXT FILE...: what the files have is shown.
not_ok() {
	results=$((results + 1))
	echo "not ok $results - $1"
	shift
	head -n 40 "$@" | sed 's/^/# /'
}

# exits CODE TEXT COMMAND...: its output is in $tmp/out and $tmp/err.
exits() {
	local want=$1 text=$2 code=0
	shift 2

	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null || code=$?
	if [ $code -eq "$want" ]; then
		ok "$text"
	else
		echo "$*: exits with $code, not $want" >"$tmp/why"
		not_ok "$text" "$tmp/why" "$tmp/err" "$tmp/out"
	fi
}

# printed FILE TEXT: that is what the last one printed. UPDATE=1 writes the file anew:
# look at it then.
printed() {
	[ -z "${UPDATE:-}" ] || cp "$tmp/out" "golden/$1"
	if diff -u "golden/$1" "$tmp/out" >"$tmp/diff"; then
		ok "$2"
	else
		not_ok "$2" "$tmp/diff"
	fi
}

# says out|err REGEX TEXT: a line of it matches.
says() {
	if grep -Eq -- "$2" "$tmp/$1"; then
		ok "$3"
	else
		echo "nothing matches $2 in:" >"$tmp/why"
		not_ok "$3" "$tmp/why" "$tmp/$1"
	fi
}

# silent TEXT: the last one had nothing to complain of.
silent() {
	if [ ! -s "$tmp/err" ]; then
		ok "$1"
	else
		not_ok "$1" "$tmp/err"
	fi
}

# --- Prometheus, at $server, which is at port $base of this machine ---

# start_prometheus TARGET...: it scrapes them and itself, and knows the rules. Sets $!.
start_prometheus() {
	local targets

	printf -v targets '"%s", ' "$@" "${server#http://}"
	cat >"$tmp/prometheus.yml" <<-EOF
		global: { scrape_interval: 1s, evaluation_interval: 1s }
		rule_files: [ $PWD/../../contrib/prometheus/pgtag.rules.yml ]
		scrape_configs:
		  - job_name: node
		    static_configs: [ targets: [ ${targets%, } ] ]
	EOF
	prometheus --config.file="$tmp/prometheus.yml" --storage.tsdb.path="$tmp/data" \
		--web.listen-address="${server#http://}" >"$tmp/prometheus.log" 2>&1 &
}

# answers EXPRESSION REGEX TEXT [SECONDS]: within these, half a minute if not said, for
# it takes a scrape or two.
answers() {
	local i

	for ((i = 0; i < ${4:-30} * 2; i++)); do
		promtool query instant "$server" "$1" >"$tmp/out" 2>"$tmp/err" || true
		if grep -Eq -- "$2" "$tmp/out"; then
			ok "$3"
			return
		fi
		sleep 0.5
	done
	echo "$1: nothing matches $2 in:" >"$tmp/why"
	not_ok "$3" "$tmp/why" "$tmp/out" "$tmp/err"
}

done_testing() {
	echo "1..$results"
}
