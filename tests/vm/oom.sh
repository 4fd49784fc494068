# shellcheck shell=dash
# Out of memory: the kernel's report says who has it.
# vm: mem=320M timeout=300 allow="Call Trace:"
# vm: kernels=ends
. ./lib.sh

load_helper
load
huge_pages_on_request

# Which site it is that memory of processes comes from.
functions >/tmp/before
hold_start 32 small
functions >/tmp/after
grown /tmp/before /tmp/after >/tmp/grown
read -r site bytes calls </tmp/grown
diag "site $site grew by $bytes bytes, $calls calls"
hold_stop

# More than there is. Only who eats it is to be killed.
free=$(awk '$1 == "MemFree:" { print int($2 / 1024) }' /proc/meminfo)
lines=$(dmesg_lines)
(
	echo 1000 >/proc/self/oom_score_adj
	exec hold 250 small
) </dev/null >/dev/null 2>&1
diag "hold ended with $?"
like "$(dmesg_since "$lines")" 'Out of memory: Killed process [0-9]+ \(hold\)' \
	"the machine ran out of memory"
# Of the first report: somebody else may run out of memory while hold dies.
said=$(dmesg_since "$lines" | sed -n 's/^\[[^]]*\] pgtag_compress: *//p' |
	awk '/^Memory allocations/ { reports++ } reports < 2')
diag "$said"
is "$(echo "$said" | head -n 1)" \
	'Memory allocations (profiling is currently turned on):' \
	"the report is in the log, with the state"
top=$(echo "$said" | tail -n +2)
is "$(count_lines "$top")" 10 "it has ten sites"
biggest=$(echo "$top" | head -n 1)
like "$biggest" "^[0-9.]+ MiB +[0-9]+ $site\+0x.* func:$site\$" \
	"the biggest ate the memory, in words for people"
at_least "$(echo "$biggest" | cut -d. -f1 | cut -d' ' -f1)" $((free * 3 / 4)) \
	"most of the $free MiB that were free"
is "$(echo "$top" | awk '
	{ unit["B"] = 1; unit["KiB"] = 1024; unit["MiB"] = 1048576
	  now = $1 * unit[$2]; if (NR > 1 && now > last) print; last = now }')" "" \
	"the others follow by size"
audit_ok "audit after that"

# Asked for by hand, while it is turned off.
echo 0 >/proc/sys/vm/mem_profiling
lines=$(dmesg_lines)
echo m >/proc/sysrq-trigger
like "$(dmesg_since "$lines")" 'Memory allocations \(profiling is currently turned off\):' \
	"SysRq-m: the state is said"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
