#!/bin/bash
# pgtag top: a recording that is played, without a screen and with two.

. "$(dirname "$0")/lib.sh" || exit

# Two times, ten seconds apart: a file in tmpfs has grown.
{
	zcat data/6.12.recording
	zcat data/6.12.recording | sed 's/^1764153600$/1764153610/
		s/^    41943040    10240/    62914560    15360/'
} >"$tmp/two"
exits 0 "without a screen" "$PGTAG" top -o -n 2 -i "$tmp/two"
printed top "two tables"
exits 0 "by module, most growth first" "$PGTAG" top -o -n 9 -s delta --by module -i "$tmp/two"
printed top.module "two tables of modules"
exits 2 "too often" "$PGTAG" top -d 0 -i "$tmp/two"
exits 2 "sorted by what there is not" "$PGTAG" top -s age -i "$tmp/two"
# What ncurses had by then stays.
exits 2 "a terminal that is not known" env ASAN_OPTIONS=detect_leaks=0 \
	script -qec "TERM=none '$PGTAG' top -i $tmp/two" "$tmp/script"

# --- on a screen ---

# start COLUMNS LINES [OPTION]...: a server of its own, for the last one may not have
# ended yet.
start() {
	local size=(-x "$1" -y "$2")
	tmux=(tmux -f /dev/null -S "$tmp/tmux$1")
	shift 2
	"${tmux[@]}" new-session -d "${size[@]}" \
		"'$PGTAG' top $* -i $tmp/two; echo ended with \$?; sleep 60"
}

# shows REGEX TEXT: within some seconds.
shows() {
	local n
	for n in $(seq 100); do
		"${tmux[@]}" capture-pane -p >"$tmp/screen"
		! grep -Eq -- "$1" "$tmp/screen" || break
		sleep 0.1
	done
	if grep -Eq -- "$1" "$tmp/screen"; then
		ok "$2"
	else
		echo "nothing matches $1" >"$tmp/why"
		not_ok "$2" "$tmp/why" "$tmp/screen"
	fi
}

press() {
	"${tmux[@]}" send-keys "$@"
}

# fits COLUMNS LINES TEXT: no line was broken, none is missing.
fits() {
	local widest
	widest=$(awk '{ if (length > n) n = length } END { print n + 0 }' "$tmp/screen")
	if [ "$widest" -le "$1" ] && [ "$(wc -l <"$tmp/screen")" -eq "$2" ]; then
		ok "$3"
	else
		not_ok "$3" "$tmp/screen"
	fi
}

start 80 24 -d 0.2
shows '^ +60\.0M +15360 .* \+20\.0M +shmem_alloc_folio\+0x9c' "80x24: it is played to its end"
shows 'the recording ends here' "80x24: which is told"
shows '^memory: 966\.9M total, 833\.3M free, 84\.8M tagged; 19 sites$' "80x24: totals"
fits 80 24 "80x24: it fits"
press n
shows 'sorted by name' "sorted by name"
shows '^ +0B +0 .* __tlb_remove' "what comes first then"
press r
shows 'the least first' "reversed"
press r s g
shows '^ +size .* module' "added up by module"
shows ' vmlinux' "there is one"
press g
shows '^ +size .* function' "added up by function"
press g g /
shows 'sites that match:' "a filter is asked for"
press wp_page Enter
shows 'matching wp_page.*' "and told"
shows '; 2 sites' "and obeyed"
press / '(' Enter
shows 'no regular expression' "a wrong one is told"
press f
shows 'frozen' "frozen"
press '?'
shows 'page up and down' "help"
press x f
shows 'pgtag top: [0-9]+ s, the recording' "and back"
"${tmux[@]}" resize-window -x 120 -y 30
shows 'start/s site' "resized: a column more"
fits 120 30 "resized: it fits"
"${tmux[@]}" resize-window -x 20 -y 3
"${tmux[@]}" resize-window -x 80 -y 24
shows '^ +60\.0M ' "tiny, and back"
press q
shows 'ended with 0' "q ends it"
"${tmux[@]}" kill-server

start 200 50 -n 2 -d 5
shows '^ +60\.0M +15360 .* \+2\.0M .*shmem_alloc_folio\+0x9c' "200x50: with rates"
fits 200 50 "200x50: it fits"
shows 'ended with 0' "-n ends it"
"${tmux[@]}" kill-server

# Nobody can end it by a key, so the end of its input does.
exits 0 "a terminal without input" timeout 10 script -qec \
	"TERM=xterm $PGTAG top -i data/6.12.recording -d 60 </dev/null" /dev/null
done_testing
