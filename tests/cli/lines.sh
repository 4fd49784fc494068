#!/bin/bash
# pgtag lines, on a kernel in miniature (kernel/), whose sites and lines are known.

. "$(dirname "$0")/lib.sh" || exit

release=1.2.3-test
dir=$tmp/debug
modules=$dir/lib/modules/$release
export XDG_CACHE_HOME=$tmp/cache

# As Debian builds: in a directory whose name is in all names of files.
build() {
	local flags=(-O2 -g -fno-pie -ffreestanding -fcf-protection=none
		-fno-stack-protector -fno-optimize-sibling-calls
		-fno-asynchronous-unwind-tables "-fdebug-prefix-map=$PWD/kernel=build/dir")

	mkdir -p "$modules/kernel" "$tmp/obj"
	(cd kernel && for f in mm/alloc mm/one mm/two a-module; do
		gcc "${flags[@]}" -c -o "$tmp/obj/${f##*/}.o" "$f.c" || exit
	done) &&
		ld --build-id -o "$modules/vmlinux" "$tmp"/obj/{alloc,one,two}.o &&
		ld -r --build-id -o "$modules/kernel/a-module.ko" "$tmp/obj/a-module.o"
}

# calls FILE: "symbol+0xoffset" of what each call to the allocator returns to.
calls() {
	objdump -dr --no-show-raw-insn "$1" | perl -ne '
		if (/^([0-9a-f]+) <(.*)>:$/) { ($start, $symbol) = (hex $1, $2) }
		elsif ($call && /^\s*([0-9a-f]+):\s+(?!R_)/) {
			printf "%s+0x%x\n", $symbol, hex($1) - $start;
			$call = 0;
		}
		$call = 1 if /call .*<alloc_pages_noprof>/ || /R_X86_64_PLT32\s+alloc_pages_noprof/;'
}

# site BYTES LOCATION [MODULE]
site() {
	echo "$1 1 $2 ${3:+[$3] }func:f "
}

# allocinfo with all sites, whose bytes tell which it is: the order they are printed in.
make_allocinfo() {
	local bytes=200 at

	echo "allocinfo - version: 2.0"
	echo "#     <size>  <calls> <tag info>"
	while read -r at; do
		site $((bytes--)) "$at"
	done < <(calls "$modules/vmlinux")
	site 100 "$(calls "$modules/kernel/a-module.ko")" a_module
	site 99 "plain+0x1"
	site 98 "nowhere+0x10"
	site 97 "gone+0x10" another_module
	site 96 "mm/known.c:12"
}

lines() {
	"$PGTAG" lines -i "$tmp/allocinfo" --release $release --debug-dir "$dir" "$@"
}

# What addr2line says of the same sites of the kernel, by their addresses.
by_addr2line() {
	objdump -d --no-show-raw-insn "$modules/vmlinux" |
		grep -A1 'call .*<alloc_pages_noprof>' | perl -ne '
			printf "0x%x\n", hex($1) - 1 if /^\s*([0-9a-f]+):\s+(?!call)/' |
		addr2line -ife "$modules/vmlinux" | paste - - |
		sed 's,^\(.*\)\tbuild/dir/\(.*\)$,\2:\1,; s/ (discriminator [0-9]*)//' | sort
}

if ! build >"$tmp/log" 2>&1; then
	not_ok "a kernel in miniature" "$tmp/log"
	done_testing
	exit 1
fi
make_allocinfo >"$tmp/allocinfo"

exits 0 "with symbols" lines
sed -i 's/+0x[0-9a-f]*/+OFFSET/' "$tmp/out"
printed lines.txt "lines are those that are wanted"
says out ' 392 +2 twin.OFFSET func' "of two that look the same nobody knows"
says err '^pgtag: no symbols of module another_module$' "what has no symbols is named"
cp "$tmp/out" "$tmp/again"
exits 0 "what it prints can be read again" "$PGTAG" lines -i "$tmp/again" --release $release
exits 0 "with what is inlined" lines --inlined
says out 'mm/one.c:18 .*inlined:mm/alloc.h:10:kmalloc_noprof;mm/one.c:18:helper;mm/one.c:24:outer$' \
	"all functions of a site"
by_addr2line | grep -v twin | sort >"$tmp/want"
grep -v 'a_module\|known\|twin' "$tmp/out" | sed -n '
	s/.* inlined://; t all
	s/.* \(mm[^ ]*\) func:\(.*\)$/\1:\2/p; d
	:all
	s/;/\n/gp' >"$tmp/got"
if sort "$tmp/got" | diff -u "$tmp/want" - >"$tmp/diff"; then
	ok "addr2line says the same of all"
else
	not_ok "addr2line says the same of all" "$tmp/diff"
fi

# What was found is kept.
kept=$(grep -l '^plain ' "$XDG_CACHE_HOME"/pgtag/lines-1/* 2>/dev/null)
sed -i 's/mm\/one.c:\([0-9]*\):plain/mm\/kept.c:\1:plain/' "$kept"
exits 0 "another time" lines
says out 'mm/kept.c:7 func:plain' "what was found is not looked for again"
sed -i 's/:plain$//' "$kept"
exits 0 "with a cache that was damaged" lines
says out 'mm/one.c:7 func:plain' "what cannot be read is looked for again"
rm -r "$XDG_CACHE_HOME"
exits 0 "without a place for the cache" env XDG_CACHE_HOME=/dev/null "$PGTAG" lines \
	-i "$tmp/allocinfo" --release $release --debug-dir "$dir"
says out 'mm/one.c:7 func:plain' "lines are found as well"

exits 4 "without symbols" "$PGTAG" lines -i "$tmp/allocinfo" --release 9.9.9-none
says err 'no symbols of 9.9.9-none' "says so"
if grep -q '^ID=debian' /etc/os-release; then
	says err 'apt install linux-image-9.9.9-none-dbg$' "and how to get them"
fi
exits 2 "--load is about this machine" lines --load

# --- what was recorded ---

id_of() {
	readelf -n "$1" | sed -n 's/ *Build ID: //p'
}

# value KEY TEXT: as it is in a frame.
value() {
	printf '%s %d\n%s\n' "$1" ${#2} "$2"
}

# recording RELEASE BUILD-ID: of the kernel in miniature.
recording() {
	echo "pgtag frame - version: 1.0"
	value release "$1"
	value build-id "$2"
	value modules "other 00
a_module $(id_of "$modules/kernel/a-module.ko")
"
	value allocinfo "$(cat "$tmp/allocinfo")
"
	echo "end 0"
}

recorded() {
	recording "$1" "$2" >"$tmp/recording"
	XDG_CACHE_HOME=$tmp/recorded "$PGTAG" lines -i "$tmp/recording" --debug-dir "$dir" "${@:3}"
}

exits 0 "a recording" recorded $release "$(id_of "$modules/vmlinux")"
says out 'mm/one.c:7 func:plain' "has the lines of its kernel, not of this machine's"
says out 'a-module.c:7 \[a_module\]' "and of its modules"
exits 4 "a recording of another build" recorded $release 0123456789abcdef
says err 'the kernel: its symbols are of another build than what was recorded' "is refused"
exits 0 "whose release is named" recorded none 0123456789abcdef --release $release
says out 'mm/one.c:7 func:plain' "has the lines of that"
exits 0 "the same for an export" "$PGTAG" export --folded --lines --debug-dir "$dir" \
	-i "$tmp/recording" --release $release
exits 4 "which refuses as well" "$PGTAG" export --folded --lines --debug-dir "$dir" \
	-i <(recording $release 0123456789abcdef)
exits 3 "a release that is a path" recorded ../../etc 01
exits 4 "a build-id that is a path" recorded 9.9.9-none ../../x

# --- the build of what runs, and servers that have symbols ---

# A kernel in miniature that has the build-id of this machine's.
running=$(readelf -n /sys/kernel/notes 2>/dev/null | sed -n 's/ *Build ID: //p')
[ -n "$running" ] || running=$(perl -0777 -ne '
	print unpack("H*", $1) if /\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0(.{20})/s' /sys/kernel/notes)
here=$tmp/here/lib/modules/$(uname -r)
live() {
	XDG_CACHE_HOME=$tmp/live "$PGTAG" lines -i "$tmp/allocinfo" "$@"
}

mkdir -p "$here"
cp "$modules/vmlinux" "$here"
exits 4 "symbols of another build than what runs" live --debug-dir "$tmp/here"
says err 'the kernel: its symbols are of another build than what runs' "are not used"
ld --build-id="0x$running" -o "$here/vmlinux" "$tmp"/obj/{alloc,one,two}.o
exits 0 "symbols of what runs" live --debug-dir "$tmp/here"
says out 'mm/one.c:7 func:plain' "are used"
rm -r "$tmp/here"
sed -i '/gone+\|nowhere\|module_f\|plain+0x1 \|twin/d' "$tmp/allocinfo"
exits 0 "what is known of what runs" live --debug-dir "$tmp/here"
says out 'mm/one.c:7 func:plain' "needs no symbols"
echo "4096 1 new+0x1 func:new " >>"$tmp/allocinfo"
exits 0 "what is new beside it" live --debug-dir "$tmp/here"
says err 'no symbols of' "is told"
says out 'mm/one.c:7 func:plain' "and takes nothing away"
sed -i '/new+/d' "$tmp/allocinfo"
rm -r "$tmp/live"

if command -v debuginfod >/dev/null; then
	port=$((20000 + $$ % 20000))
	mkdir "$tmp/served"
	ld --build-id="0x$running" -o "$tmp/served/vmlinux" "$tmp"/obj/{alloc,one,two}.o
	cp "$modules/kernel/a-module.ko" "$tmp/served"
	debuginfod -d :memory: -p $port -F "$tmp/served" >"$tmp/served.log" 2>&1 &
	server=$!
	trap 'kill $server; wait; rm -rf "$tmp"' EXIT
	export DEBUGINFOD_URLS=http://127.0.0.1:$port DEBUGINFOD_CACHE_PATH=$tmp/debuginfod
	for ((i = 0; i < 100; i++)); do
		[ "$(curl -s -o /dev/null -w '%{http_code}' \
			"$DEBUGINFOD_URLS/buildid/$running/debuginfo")" != 200 ] || break
		sleep 0.2
	done
	# Of a module that has none libdwfl asks by itself, of a kernel that is not there
	# the command does.
	mkdir -p "$here/kernel"
	strip -g -o "$here/kernel/a-module.ko" "$modules/kernel/a-module.ko"
	site 100 "$(calls "$modules/kernel/a-module.ko")" a_module >>"$tmp/allocinfo"
	exits 4 "a server that has symbols" live --debug-dir "$tmp/here"
	exits 0 "is not asked" test ! -e "$tmp/debuginfod"
	exits 0 "unless that is wanted" live --debug-dir "$tmp/here" --debuginfod=20
	says out 'mm/one.c:7 func:plain' "it has lines"
	says out 'a-module.c:7 \[a_module\]' "of modules, too"
	rm -r "$tmp/debuginfod" "$tmp/live"
	kill -STOP $server
	begin=$(date +%s)
	exits 4 "a server that does not answer" live --debug-dir "$tmp/here" --debuginfod=2
	exits 0 "is given up" test $(($(date +%s) - begin)) -lt 30
	kill -CONT $server
else
	ok "servers of symbols # SKIP no debuginfod"
fi
exits 2 "for no time at all" live --debuginfod=0
done_testing
