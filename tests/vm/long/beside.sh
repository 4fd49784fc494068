# shellcheck shell=dash
# Beside the kernel's own profiling, in one boot: function by function the same bytes of
# slab objects, but for what was there before the module.
# vm: mem=1G timeout=600 append="sysctl.vm.mem_profiling=1"
# vm: config=MEM_ALLOC_PROFILING kernels=7.2-peers
. ./lib.sh

OWN=/proc/allocinfo
LEAST=16384	# bytes of a function that are looked at

CASES='object_kmalloc object_rcu object_node object_variable object_realloc object_memdup
	object_kvmalloc object_cache object_cache_node object_bulk object_nolock kmalloc_64'

# The kernel's own tags are named by the source, these here by the symbol that code is in:
# what is inlined belongs to the function that it is in. "SYMBOL FUNCTION...", of all that
# are inlined anywhere above; all of them together are to be the same.
INLINED='
copy_process alloc_task_struct_node alloc_thread_stack_node copy_sighand copy_signal
security_inode_alloc lsm_inode_alloc
anon_vma_fork anon_vma_alloc anon_vma_chain_alloc __anon_vma_prepare anon_vma_clone
dst_setup mas_pop_node mas_wr_node_store mas_wr_split mas_wr_rebalance mas_root_expand mas_new_root
pgd_alloc _pgd_alloc
run_command alloc_unit'

# Files, processes, pipes, sockets, and what the helper allocates in each way.
work() {
	mkdir /tmp/tree
	(cd /tmp/tree && touch $(seq 2000) && mkdir $(seq 3000 3200))
	find /sys /proc/1 >/dev/null
	for n in $(seq 40); do
		sleep 600 | cat &
		pids="$pids $!"
	done
	for case in $CASES; do
		helper alloc "$case" 10
	done
}

# snapshot FROM TO: with what has just ended gone by then, for it is freed by RCU.
snapshot() {
	sleep 1
	cat "$1" >"/tmp/$2.lines"
}

# functions_of NAME: its snapshot by function, with what is inlined where it is in.
functions_of() {
	functions "/tmp/$1.lines" | awk -v inlined="$INLINED" '
		BEGIN {
			n = split(inlined, line, "\n")
			for (i = 1; i <= n; i++) {
				m = split(line[i], name, " ")
				for (j = 2; j <= m; j++)
					within[name[j]] = name[1]
			}
		}
		{ bytes[$3 in within ? within[$3] : $3] += $1 }
		END {
			for (name in bytes)
				print bytes[name], name
		}' >"/tmp/$1"
}

# compare: "VERDICT FUNCTION OURS LEAST MOST" of each function in /tmp/verdicts. It may be
# anywhere between what the kernel counts less what it counted when the module was there,
# and all of it.
compare() {
	snapshot $OWN own1
	snapshot $PGTAG/allocinfo ours
	snapshot $OWN own2
	(echo; echo; grep ' kind:object ' /tmp/ours.lines) >/tmp/objects.lines
	for name in own1 ours own2 objects; do
		functions_of $name
	done
	awk -v least=$LEAST '
		FILENAME == "/tmp/before" { before[$2] = $1; next }
		FILENAME == "/tmp/ours" { ours[$2] = $1; next }
		FILENAME == "/tmp/objects" { objects[$2] = 1; next }
		!($2 in low) || $1 < low[$2] { low[$2] = $1 }
		$1 > high[$2] { high[$2] = $1 }
		END {
			for (name in high) {
				from = low[name] - before[name]
				if (high[name] < least || (name in ours && !(name in objects)))
					continue
				if (name in ours)
					verdict = ours[name] >= from && ours[name] <= high[name] ?
						"agrees" : "differs"
				else if (from >= least)
					verdict = "missing"
				else
					continue
				print verdict, name, ours[name] + 0, from, high[name]
			}
			for (name in objects)
				if (ours[name] >= least && !(name in high))
					print "unknown", name, ours[name], 0, 0
		}' /tmp/before /tmp/ours /tmp/objects /tmp/own1 /tmp/own2 | sort >/tmp/verdicts
}

load_helper
load slab=objects
snapshot $OWN before
functions_of before
pids=''
work
# A kernel thread may come or go between two readings: no function may differ each time.
compare
for n in 1 2 3 4; do
	grep -qv ^agrees /tmp/verdicts || break
	compare
done
diag "verdict function: ours, the kernel's own since the load, all of it"
diag "$(cat /tmp/verdicts)"
at_least "$(grep -c ^agrees /tmp/verdicts)" 30 "functions that agree"
is "$(grep -vc ^agrees /tmp/verdicts)" 0 "all do"
# shellcheck disable=SC2086 # processes are words
kill $pids
for case in $CASES; do
	helper free "$case"
done
audit_ok "audit"
is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value 'dropped objects')" 0 "no object went without a tag"
unload
done_testing
